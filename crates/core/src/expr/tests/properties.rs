//! Properties of every expression on every record, tested on random ones. They are read off a tape of bytes, so that a
//! failing case shrinks.

use std::sync::Arc;

use proptest::prelude::*;
use rust_decimal::Decimal;

use super::naive::Facts;
use super::world::{World, word};
use crate::expr::{Arithmetic, Comparison, Condition, Expr, Input, Literal, Scope};
use crate::truth::Truth;
use crate::value::{Day, Moment, Party, Row, ShapeId, Symbol, Type, Value};
use crate::vocabulary::Vocabulary;

/// Choices, each the next byte; the first choice once the bytes run out.
struct Tape<'a> {
    bytes: std::slice::Iter<'a, u8>,
}

impl<'a> Tape<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Tape {
            bytes: bytes.iter(),
        }
    }

    fn choose(&mut self, among: usize) -> usize {
        self.bytes
            .next()
            .map_or(0, |byte| usize::from(*byte) % among)
    }

    fn pick<T: Clone>(&mut self, among: &[T]) -> T {
        among[self.choose(among.len())].clone()
    }
}

/// Builds random expressions; `rows` are the current rows.
struct Maker<'w, 't> {
    world: &'w World,
    tape: Tape<'t>,
    rows: Vec<Expr>,
}

const OPS: [Comparison; 6] = [
    Comparison::Eq,
    Comparison::Ne,
    Comparison::Lt,
    Comparison::Le,
    Comparison::Gt,
    Comparison::Ge,
];

impl Maker<'_, '_> {
    /// A fact or field of one of the types.
    fn read(&mut self, wanted: impl Fn(&Type) -> bool) -> Expr {
        let vocabulary = self.world.vocabulary();
        let mut found: Vec<Expr> = Vec::new();
        for fact in vocabulary.facts().iter().filter(|fact| wanted(&fact.ty)) {
            if fact.shape == ShapeId::ROOT {
                found.push(self.world.fact(&fact.path));
            }
            for row in &self.rows {
                if *row.ty() == Type::Row(fact.shape) {
                    found.push(self.world.field(row, &fact.code));
                }
            }
        }
        self.tape.pick(&found)
    }

    fn literal_of(&mut self, ty: &Type) -> Literal {
        match ty {
            Type::Bool => Literal::Bool(self.tape.choose(2) == 0),
            Type::Int => Literal::Int([0, 1, 2, 3, -1][self.tape.choose(5)]),
            Type::Decimal => Literal::Decimal(Decimal::new([0, 150, 200][self.tape.choose(3)], 2)),
            Type::Date => word(self.tape.pick(&["2024-03-01", "2024-03-02"])),
            Type::DateTime => word(self.tape.pick(&["2024-03-01", "2024-03-02 08:00"])),
            Type::Enum(id) => {
                let values = &self.world.vocabulary().enumeration(*id).values;
                let codes: Vec<&str> = values.iter().map(|v| v.code.as_str()).collect();
                word(self.tape.pick(&codes))
            }
            _ => word(self.tape.pick(&["甲", "乙", "丙"])),
        }
    }

    fn list(&mut self, of: &Type, depth: usize) -> Expr {
        let list = self.read(|ty| matches!(ty, Type::List(element) if **element == *of));
        if depth > 0 && self.tape.choose(4) == 1 {
            let other = self.list(of, depth - 1);
            return self.world.builder.both(list, other, None).unwrap();
        }
        list
    }

    fn over_rows(
        &mut self,
        then: impl FnOnce(&mut Self, Expr, crate::expr::Variable) -> Expr,
    ) -> Expr {
        let list = self.read(|ty| matches!(ty, Type::Rows(_)));
        let (variable, row) = self.world.builder.row(&list).unwrap();
        self.rows.push(row);
        let made = then(self, list, variable);
        self.rows.pop();
        made
    }

    fn number(&mut self, depth: usize) -> Expr {
        let b = &self.world.builder;
        let number = |ty: &Type| matches!(ty, Type::Int | Type::Decimal);
        let shallower = depth.saturating_sub(1);
        match self.tape.choose(if depth == 0 { 1 } else { 9 }) {
            0 => self.read(number),
            1 => b.count(self.list(&Type::Person, shallower), None).unwrap(),
            2 => {
                let rows = self.read(|ty| matches!(ty, Type::Rows(_)));
                b.count(rows, None).unwrap()
            }
            3 => self.over_rows(|maker, list, variable| {
                let body = maker.condition(shallower);
                b.count_where(list, variable, body, None).unwrap()
            }),
            4 => self.over_rows(|maker, list, variable| {
                let body = maker.number(shallower);
                b.sum(list, variable, body, None).unwrap()
            }),
            5 => {
                let day = |ty: &Type| matches!(ty, Type::Date | Type::DateTime);
                let (later, mut earlier) = (self.read(day), self.read(day));
                if self.tape.choose(2) == 0 {
                    let months = u16::try_from(self.tape.choose(30)).unwrap() + 1;
                    earlier = b.months_after(earlier, months, None).unwrap();
                }
                b.days_since(later.into(), earlier.into(), None).unwrap()
            }
            n => {
                let op = [Arithmetic::Add, Arithmetic::Sub, Arithmetic::Mul][n - 6];
                let left = self.number(shallower);
                let right = if self.tape.choose(2) == 0 {
                    Input::Literal(self.literal_of(&left.ty().clone()))
                } else {
                    Input::Expr(self.number(shallower))
                };
                b.arithmetic(op, Input::Expr(left), right, None).unwrap()
            }
        }
    }

    fn condition(&mut self, depth: usize) -> Expr {
        let b = &self.world.builder;
        let shallower = depth.saturating_sub(1);
        match self.tape.choose(if depth == 0 { 6 } else { 17 }) {
            0 => self.read(|ty| *ty == Type::Bool),
            1 => {
                let day = |ty: &Type| matches!(ty, Type::Date | Type::DateTime);
                let (op, left) = (self.tape.pick(&OPS), self.read(day));
                let right = if self.tape.choose(2) == 0 {
                    Input::Expr(self.read(day))
                } else {
                    Input::Literal(self.literal_of(&left.ty().clone()))
                };
                b.compare(op, left.into(), right, None).unwrap()
            }
            2 => {
                let op = self.tape.pick(&OPS[..2]);
                let plain = |ty: &Type| {
                    matches!(
                        ty,
                        Type::Enum(_) | Type::Text | Type::Person | Type::Organisation | Type::Bool
                    )
                };
                let left = self.read(plain);
                let right = self.literal_of(&left.ty().clone());
                b.compare(op, left.into(), right.into(), None).unwrap()
            }
            3 => {
                let any = |ty: &Type| !matches!(ty, Type::List(_) | Type::Rows(_) | Type::Row(_));
                let left = self.read(any);
                let ty = left.ty().clone();
                let literals = (0..=self.tape.choose(3))
                    .map(|_| self.literal_of(&ty))
                    .collect();
                b.one_of(left, literals, None).unwrap()
            }
            4 => {
                let fact = self.read(|_| true);
                b.present(fact, None).unwrap()
            }
            5 => {
                let (x, y) = (
                    self.read(|ty| *ty == Type::Person),
                    self.read(|ty| *ty == Type::Person),
                );
                let op = self.tape.pick(&OPS[..2]);
                b.compare(op, x.into(), y.into(), None).unwrap()
            }
            6 => b.not(self.condition(shallower), None).unwrap(),
            7 | 8 => {
                let items = (0..=self.tape.choose(3))
                    .map(|_| self.condition(shallower))
                    .collect();
                b.all(items, None).unwrap()
            }
            9 => {
                let items = (0..=self.tape.choose(3))
                    .map(|_| self.condition(shallower))
                    .collect();
                b.any(items, None).unwrap()
            }
            10 => {
                let (op, left) = (self.tape.pick(&OPS), self.number(shallower));
                let right = if self.tape.choose(2) == 0 {
                    Input::Literal(self.literal_of(&left.ty().clone()))
                } else {
                    Input::Expr(self.number(shallower))
                };
                b.compare(op, left.into(), right, None).unwrap()
            }
            11 => {
                let of = self.tape.pick(&[
                    Type::Person,
                    Type::Enum(crate::value::EnumId(1)),
                    Type::Text,
                ]);
                let list = self.list(&of, shallower);
                let x = if of == Type::Person && self.tape.choose(2) == 0 {
                    Input::Expr(self.read(|ty| *ty == Type::Person))
                } else {
                    Input::Literal(self.literal_of(&of))
                };
                b.contains(list, x, None).unwrap()
            }
            12 => {
                let (x, y) = (
                    self.list(&Type::Person, shallower),
                    self.list(&Type::Person, shallower),
                );
                b.disjoint(x, y, None).unwrap()
            }
            13 => {
                let (x, y) = (
                    self.list(&Type::Person, shallower),
                    self.list(&Type::Person, shallower),
                );
                b.subset(x, y, None).unwrap()
            }
            14 => {
                let list = self.list(&Type::Person, shallower);
                if self.tape.choose(2) == 0 {
                    let names = vec![word("甲"), word("乙")];
                    let names = b.list_like(&list, names).unwrap();
                    b.subset(names, list, None).unwrap()
                } else {
                    let both = b
                        .both(list, self.list(&Type::Person, shallower), None)
                        .unwrap();
                    b.present(both, None).unwrap()
                }
            }
            15 => self.over_rows(|maker, list, variable| {
                let body = maker.condition(shallower);
                b.for_all(list, variable, body, None).unwrap()
            }),
            _ => self.over_rows(|maker, list, variable| {
                let body = maker.condition(shallower);
                b.exists(list, variable, body, None).unwrap()
            }),
        }
    }
}

/// A known value of a type: none, or one of a few others.
fn known(vocabulary: &Vocabulary, ty: &Type, tape: &mut Tape<'_>) -> Value {
    if tape.choose(5) == 4 {
        return Value::None;
    }
    if matches!(ty, Type::Date | Type::DateTime) && tape.choose(6) == 5 {
        return Value::Done;
    }
    let days = ["2024-03-01", "2024-03-02", "2024-03-03"];
    match ty {
        Type::Bool => Value::Bool(tape.choose(2) == 0),
        Type::Int => Value::Int([0, 1, 2, 3][tape.choose(4)]),
        Type::Decimal => Value::Decimal(Decimal::new([0, 150, 200, 5][tape.choose(4)], 2)),
        Type::Date => Value::Day(Day::parse(tape.pick(&days)).unwrap()),
        Type::DateTime => Value::Moment(Moment {
            day: Day::parse(tape.pick(&days)).unwrap(),
            minute: [0, 480][tape.choose(2)],
        }),
        Type::Enum(id) => {
            let n = vocabulary.enumeration(*id).values.len();
            Value::Symbol(Symbol(u16::try_from(tape.choose(n)).unwrap()))
        }
        Type::Text => Value::Text(tape.pick(&["甲", "乙", "丙"]).into()),
        Type::Person | Type::Organisation => Value::Party(Arc::new(Party::named(
            tape.pick(&["甲", "乙", "丙", "甲 "]),
        ))),
        Type::List(of) => (0..tape.choose(4))
            .map(|_| some(vocabulary, of, tape))
            .collect::<Vec<_>>()
            .into_list(),
        Type::Rows(shape) => Value::Rows(
            (0..tape.choose(3))
                .map(|_| record(vocabulary, *shape, tape))
                .collect(),
        ),
        Type::Row(_) => Value::None,
    }
}

trait IntoList {
    fn into_list(self) -> Value;
}

impl IntoList for Vec<Value> {
    fn into_list(self) -> Value {
        Value::List(self.into())
    }
}

/// A value of a type, or unknown.
fn some(vocabulary: &Vocabulary, ty: &Type, tape: &mut Tape<'_>) -> Value {
    if tape.choose(3) == 0 {
        Value::Unknown
    } else {
        known(vocabulary, ty, tape)
    }
}

fn record(vocabulary: &Vocabulary, shape: ShapeId, tape: &mut Tape<'_>) -> Row {
    Row {
        slots: vocabulary
            .shape(shape)
            .facts
            .iter()
            .map(|id| some(vocabulary, &vocabulary.fact(*id).ty, tape))
            .collect(),
    }
}

/// Fills unknown facts whose path `may` accepts.
fn fill(
    vocabulary: &Vocabulary,
    shape: ShapeId,
    row: &mut Row,
    prefix: &str,
    tape: &mut Tape<'_>,
    may: &dyn Fn(&str) -> bool,
) {
    let facts = &vocabulary.shape(shape).facts;
    for (value, id) in row.slots.iter_mut().zip(facts) {
        let fact = vocabulary.fact(*id);
        let path = format!("{prefix}{}", fact.path.rsplit("[].").next().unwrap());
        match (value, &fact.ty) {
            (Value::Rows(rows), Type::Rows(shape)) => {
                for (i, row) in Arc::make_mut(rows).iter_mut().enumerate() {
                    let prefix = format!("{path}[{}].", i + 1);
                    fill(vocabulary, *shape, row, &prefix, tape, may);
                }
            }
            (Value::List(items), Type::List(of)) => {
                for (i, item) in Arc::make_mut(items).iter_mut().enumerate() {
                    if item.is_unknown() && may(&format!("{path}[{}]", i + 1)) {
                        *item = some(vocabulary, of, tape);
                    }
                }
            }
            // The day of an act that was done may become known.
            (value @ Value::Done, ty) if may(&path) => {
                let learnt = some(vocabulary, ty, tape);
                if matches!(learnt, Value::Day(_) | Value::Moment(_)) {
                    *value = learnt;
                }
            }
            (value @ Value::Unknown, ty) if may(&path) => *value = some(vocabulary, ty, tape),
            _ => {}
        }
    }
}

/// Blanks every fact except those at these paths and the rows they are in.
fn blank(vocabulary: &Vocabulary, shape: ShapeId, row: &mut Row, prefix: &str, kept: &[String]) {
    let facts = &vocabulary.shape(shape).facts;
    for (value, id) in row.slots.iter_mut().zip(facts) {
        let fact = vocabulary.fact(*id);
        let path = format!("{prefix}{}", fact.path.rsplit("[].").next().unwrap());
        let inside = format!("{path}[");
        let keep = kept.iter().any(|k| *k == path || k.starts_with(&inside));
        match (&mut *value, &fact.ty) {
            (Value::Rows(rows), Type::Rows(shape)) if keep => {
                for (i, row) in Arc::make_mut(rows).iter_mut().enumerate() {
                    let prefix = format!("{path}[{}].", i + 1);
                    blank(vocabulary, *shape, row, &prefix, kept);
                }
            }
            _ if keep => {}
            _ => *value = Value::Unknown,
        }
    }
}

fn three(truth: Truth) -> Option<bool> {
    match truth {
        Truth::True => Some(true),
        Truth::False => Some(false),
        Truth::Unknown => None,
    }
}

fn made(world: &World, expr: &[u8], facts: &[u8]) -> (Expr, Row) {
    let mut maker = Maker {
        world,
        tape: Tape::new(expr),
        rows: Vec::new(),
    };
    let expr = maker.condition(4);
    let record = record(world.vocabulary(), ShapeId::ROOT, &mut Tape::new(facts));
    (expr, record)
}

fn bytes(length: usize) -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..length)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_naive_evaluator_agrees(expr in bytes(60), facts in bytes(200)) {
        let world = World::new();
        let (expr, record) = made(&world, &expr, &facts);
        let scope = Scope::new(&record);
        let naive = Facts::of(&record).holds(&expr);
        prop_assert_eq!(three(expr.truth(&scope)), naive, "{}", expr.code(world.vocabulary()));
        prop_assert_eq!(three(Condition::of(&expr).truth(&scope)), naive, "{}", expr.code(world.vocabulary()));
        prop_assert!(!scope.overflowed());
    }

    #[test]
    fn learning_more_never_turns_a_known_value_into_another(
        expr in bytes(60), facts in bytes(200), more in bytes(100)
    ) {
        let world = World::new();
        let (expr, record) = made(&world, &expr, &facts);
        let before = expr.truth(&Scope::new(&record));
        let mut fuller = record;
        fill(world.vocabulary(), ShapeId::ROOT, &mut fuller, "", &mut Tape::new(&more), &|_| true);
        let after = expr.truth(&Scope::new(&fuller));
        prop_assert!(!before.is_known() || before == after, "{}", expr.code(world.vocabulary()));
    }

    #[test]
    fn facts_not_named_as_missing_decide_nothing(
        expr in bytes(60), facts in bytes(200), more in bytes(100)
    ) {
        let world = World::new();
        let (expr, record) = made(&world, &expr, &facts);
        let scope = Scope::new(&record);
        let before = expr.truth(&scope);
        let missing = expr.undecided(&scope, world.vocabulary());
        prop_assert_eq!(before.is_known(), missing.is_empty());
        let mut fuller = record.clone();
        let others = |path: &str| !missing.iter().any(|m| m == path);
        fill(world.vocabulary(), ShapeId::ROOT, &mut fuller, "", &mut Tape::new(&more), &others);
        let after = expr.truth(&Scope::new(&fuller));
        prop_assert_eq!(before, after, "{} {:?}", expr.code(world.vocabulary()), missing);
    }

    #[test]
    fn a_known_value_stands_on_its_decisive_facts_alone(expr in bytes(60), facts in bytes(200)) {
        let world = World::new();
        let (expr, mut record) = made(&world, &expr, &facts);
        let before = expr.truth(&Scope::new(&record));
        let kept = expr.decisive(&Scope::new(&record), world.vocabulary());
        if before.is_known() {
            blank(world.vocabulary(), ShapeId::ROOT, &mut record, "", &kept);
            let after = expr.truth(&Scope::new(&record));
            prop_assert_eq!(before, after, "{} {:?}", expr.code(world.vocabulary()), kept);
        } else {
            prop_assert!(kept.is_empty());
        }
    }

    #[test]
    fn everything_can_be_said_and_explained(expr in bytes(60), facts in bytes(200)) {
        let world = World::new();
        let (expr, record) = made(&world, &expr, &facts);
        let text = expr.text(world.vocabulary());
        prop_assert!(!text.zh.is_empty() && !text.en.is_empty());
        let unfilled = text.zh.contains('{') || text.en.contains('{');
        prop_assert!(!unfilled);
        let scope = Scope::new(&record);
        let trace = expr.explain(&scope, world.vocabulary());
        prop_assert_eq!(trace.text, text);
        let truth = expr.truth(&scope);
        prop_assert_eq!(trace.value, crate::expr::TraceValue::Truth(truth));
        prop_assert!(world.builder.closed(&expr).is_ok());
        let _ = expr.culprits(&scope);
    }
}
