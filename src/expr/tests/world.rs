//! A small vocabulary and records of it.

use std::collections::HashMap;
use std::sync::Arc;

use crate::expr::{Builder, Comparison, Expr, Input, Literal};
use crate::lang::Text;
use crate::source::{Source, Span};
use crate::value::{Day, EnumId, Party, Row, ShapeId, SlotId, Symbol, Type, Value};
use crate::vocabulary::{
    Entry, Enum, EnumValue, Fact, FactId, Group, GroupId, Reserved, Shape, Vocabulary,
};

struct Maker {
    facts: Vec<Fact>,
    groups: Vec<Group>,
    shapes: Vec<Shape>,
    paths: HashMap<String, Entry>,
    declared: Span,
}

impl Maker {
    fn group(&mut self, parent: GroupId, code: &str, zh: &str, en: &str) -> GroupId {
        let id = GroupId(u16::try_from(self.groups.len()).unwrap());
        let above = &self.groups[usize::from(parent.0)];
        let path = if above.path.is_empty() {
            code.to_owned()
        } else {
            format!("{}.{code}", above.path)
        };
        let shape = above.shape;
        self.groups.push(Group {
            path,
            code: code.into(),
            label: Text::new(zh, en),
            description: Text::default(),
            shape,
            entries: Vec::new(),
            keys: HashMap::new(),
        });
        self.enter(parent, &[code, zh], Entry::Group(id));
        id
    }

    fn enter(&mut self, parent: GroupId, keys: &[&str], entry: Entry) {
        let group = &mut self.groups[usize::from(parent.0)];
        group.entries.push(entry);
        for key in keys {
            group.keys.insert((*key).into(), entry);
        }
    }

    fn fact(&mut self, parent: GroupId, code: &str, zh: &str, en: &str, ty: Type) -> FactId {
        let id = FactId(u16::try_from(self.facts.len()).unwrap());
        let group = self.groups[usize::from(parent.0)].clone();
        let shape = &mut self.shapes[usize::from(group.shape.0)];
        let slot = SlotId(u16::try_from(shape.facts.len()).unwrap());
        shape.facts.push(id);
        let is_list = self
            .facts
            .iter()
            .any(|fact| fact.path == group.path && matches!(fact.ty, Type::Rows(_)));
        let prefix = match (group.path.as_str(), is_list) {
            ("", _) => String::new(),
            (path, true) => format!("{path}[]."),
            (path, false) => format!("{path}."),
        };
        let path = format!("{prefix}{code}");
        let title = if group.label.is_empty() {
            Text::new(zh, en)
        } else {
            Text::new(
                format!("{}·{zh}", group.label.zh),
                format!("{} · {en}", group.label.en),
            )
        };
        let unit = (ty == Type::Decimal).then(|| Text::new("元", "yuan"));
        self.facts.push(Fact {
            path: path.clone(),
            code: code.into(),
            shape: group.shape,
            slot,
            ty,
            unit,
            label: Text::new(zh, en),
            title,
            aliases: Vec::new(),
            description: Text::default(),
            form: None,
            personal: false,
            range: None,
            days: (
                Day::parse("2000-01-01").unwrap(),
                Day::parse("2100-01-01").unwrap(),
            ),
            declared: self.declared.clone(),
        });
        self.enter(parent, &[code, zh], Entry::Fact(id));
        self.paths.insert(path, Entry::Fact(id));
        id
    }

    /// A list of groups, and the group that stands for its rows.
    fn rows(&mut self, parent: GroupId, code: &str, zh: &str, en: &str) -> GroupId {
        let shape = ShapeId(u16::try_from(self.shapes.len()).unwrap());
        let group = GroupId(u16::try_from(self.groups.len()).unwrap());
        self.shapes.push(Shape {
            group,
            facts: Vec::new(),
        });
        let fact = self.fact(parent, code, zh, en, Type::Rows(shape));
        let fact = &self.facts[usize::from(fact.0)];
        self.groups.push(Group {
            path: fact.path.clone(),
            code: code.into(),
            label: fact.title.clone(),
            description: Text::default(),
            shape,
            entries: Vec::new(),
            keys: HashMap::new(),
        });
        group
    }
}

fn enumeration(code: &str, zh: &str, values: &[(&str, &str, &str)]) -> Enum {
    let mut names = HashMap::new();
    for (i, (code, zh, en)) in values.iter().enumerate() {
        for name in [code, zh, en] {
            names.insert((*name).to_owned(), Symbol(u16::try_from(i).unwrap()));
        }
    }
    Enum {
        code: code.into(),
        label: Text::new(zh, code),
        values: values
            .iter()
            .map(|(code, zh, en)| EnumValue {
                code: (*code).into(),
                label: Text::new(*zh, *en),
                aliases: Vec::new(),
            })
            .collect(),
        names,
    }
}

/// The vocabulary of these tests.
pub(super) fn vocabulary() -> Arc<Vocabulary> {
    let source = Source::new("test.yaml", "");
    let root = Group {
        path: String::new(),
        code: String::new(),
        label: Text::default(),
        description: Text::default(),
        shape: ShapeId::ROOT,
        entries: Vec::new(),
        keys: HashMap::new(),
    };
    let mut maker = Maker {
        facts: Vec::new(),
        groups: vec![root],
        shapes: vec![Shape {
            group: GroupId(0),
            facts: Vec::new(),
        }],
        paths: HashMap::new(),
        declared: Span::new(&source, 0..0),
    };
    let root = GroupId(0);
    let list = |of: Type| Type::List(Box::new(of));
    let sampling = maker.group(root, "sampling", "抽样", "Sampling");
    let m = &mut maker;
    m.fact(
        sampling,
        "shown",
        "已出示监督抽查通知书",
        "Notice shown",
        Type::Bool,
    );
    m.fact(
        sampling,
        "sealed",
        "样品已封样",
        "Samples sealed",
        Type::Bool,
    );
    m.fact(
        sampling,
        "samplers",
        "抽样人员",
        "Samplers",
        list(Type::Person),
    );
    m.fact(sampling, "leader", "组长", "Leader", Type::Person);
    m.fact(
        sampling,
        "papers",
        "出示文件",
        "Papers shown",
        list(Type::Enum(EnumId(1))),
    );
    m.fact(sampling, "marks", "标记", "Marks", list(Type::Text));
    m.fact(sampling, "copies", "份数", "Copies", Type::Int);
    m.fact(sampling, "at", "抽样时间", "Sampled at", Type::DateTime);
    let report = m.group(root, "report", "检验报告", "Test report");
    m.fact(report, "issued_on", "出具日期", "Issued on", Type::Date);
    m.fact(report, "posted_on", "寄出日期", "Posted on", Type::Date);
    m.fact(
        report,
        "conclusion",
        "检验结论",
        "Conclusion",
        Type::Enum(EnumId(0)),
    );
    m.fact(report, "testers", "检验人员", "Testers", list(Type::Person));
    m.fact(root, "retested", "是否复检", "Retested", Type::Bool);
    m.fact(root, "agency", "检验机构", "Agency", Type::Organisation);
    m.fact(root, "note", "备注", "Note", Type::Text);
    let price = m.group(root, "price", "样品费用", "Price");
    m.fact(price, "marked", "标价", "Marked", Type::Decimal);
    m.fact(price, "paid", "实付金额", "Paid", Type::Decimal);
    let corrections = m.rows(root, "corrections", "更正", "Corrections");
    m.fact(corrections, "confirmed", "已确认", "Confirmed", Type::Bool);
    m.fact(
        corrections,
        "signed_on",
        "签名日期",
        "Signed on",
        Type::Date,
    );
    m.fact(corrections, "signer", "签名人", "Signer", Type::Person);
    m.fact(corrections, "fee", "费用", "Fee", Type::Decimal);
    m.fact(corrections, "number", "数量", "Number", Type::Int);
    let places = m.rows(corrections, "places", "位置", "Places");
    m.fact(places, "marked", "已标明", "Marked", Type::Bool);
    m.fact(places, "by", "标明人", "By", Type::Person);
    let zero = SlotId(0);
    Arc::new(Vocabulary {
        facts: maker.facts,
        groups: maker.groups,
        shapes: maker.shapes,
        enums: vec![
            enumeration(
                "conclusion",
                "检验结论",
                &[("pass", "合格", "Pass"), ("fail", "不合格", "Fail")],
            ),
            enumeration(
                "paper",
                "文件",
                &[
                    ("notice", "监督抽查通知书", "Notice"),
                    ("mandate", "委托书", "Mandate"),
                    ("card", "工作证件", "Work card"),
                ],
            ),
        ],
        roles: Vec::new(),
        inferences: Vec::new(),
        chronology: Vec::new(),
        paths: maker.paths,
        reserved: Reserved {
            complete: zero,
            number: zero,
            ruleset: zero,
            closed_on: zero,
            waivers: zero,
            waiver_obligation: zero,
            waiver_approver: zero,
            waiver_reason: zero,
            waiver_from: zero,
            waiver_until: zero,
        },
    })
}

/// A builder with short names for what tests write.
pub(super) struct World {
    pub(super) builder: Builder,
}

impl World {
    pub(super) fn new() -> Self {
        World {
            builder: Builder::new(vocabulary()),
        }
    }

    pub(super) fn vocabulary(&self) -> &Vocabulary {
        self.builder.vocabulary()
    }

    pub(super) fn fact(&self, path: &str) -> Expr {
        self.builder.fact(path, None).unwrap()
    }

    pub(super) fn is(&self, path: &str, op: Comparison, literal: Literal) -> Expr {
        let fact = Input::Expr(self.fact(path));
        let literal = Input::Literal(literal);
        self.builder.compare(op, fact, literal, None).unwrap()
    }

    pub(super) fn cmp(&self, a: &str, op: Comparison, b: &str) -> Expr {
        let (a, b) = (Input::Expr(self.fact(a)), Input::Expr(self.fact(b)));
        self.builder.compare(op, a, b, None).unwrap()
    }

    pub(super) fn not(&self, a: Expr) -> Expr {
        self.builder.not(a, None).unwrap()
    }

    pub(super) fn all<const N: usize>(&self, items: [Expr; N]) -> Expr {
        self.builder.all(items.to_vec(), None).unwrap()
    }

    pub(super) fn any<const N: usize>(&self, items: [Expr; N]) -> Expr {
        self.builder.any(items.to_vec(), None).unwrap()
    }

    /// A condition on every row of the corrections.
    pub(super) fn every(&self, body: impl FnOnce(&Expr) -> Expr) -> Expr {
        let list = self.fact("corrections");
        let (variable, row) = self.builder.row(&list).unwrap();
        let body = body(&row);
        self.builder.for_all(list, variable, body, None).unwrap()
    }

    /// A condition on at least one row of the corrections.
    pub(super) fn some(&self, body: impl FnOnce(&Expr) -> Expr) -> Expr {
        let list = self.fact("corrections");
        let (variable, row) = self.builder.row(&list).unwrap();
        let body = body(&row);
        self.builder.exists(list, variable, body, None).unwrap()
    }

    pub(super) fn field(&self, row: &Expr, code: &str) -> Expr {
        self.builder.field(row, code, None).unwrap()
    }

    /// A record with these facts and no others.
    pub(super) fn record(&self, facts: &[(&str, Value)]) -> Row {
        let mut root = self.blank(ShapeId::ROOT);
        for (path, value) in facts {
            let id = self.fact(path).facts()[0];
            let slot = self.vocabulary().fact(id).slot;
            root.slots[usize::from(slot.0)] = value.clone();
        }
        root
    }

    /// A correction with these facts and no others.
    pub(super) fn correction(&self, facts: &[(&str, Value)]) -> Row {
        let mut row = self.blank(ShapeId(1));
        for (code, value) in facts {
            let path = format!("corrections[].{code}");
            let fact = self.vocabulary().facts().iter().find(|f| f.path == path);
            row.slots[usize::from(fact.unwrap().slot.0)] = value.clone();
        }
        row
    }

    pub(super) fn blank(&self, shape: ShapeId) -> Row {
        Row {
            slots: vec![Value::Unknown; self.vocabulary().shape(shape).facts.len()].into(),
        }
    }
}

pub(super) fn people(names: &[&str]) -> Value {
    Value::List(names.iter().map(|name| person(name)).collect())
}

pub(super) fn person(name: &str) -> Value {
    Value::Party(Box::new(Party::named(name)))
}

pub(super) fn day(text: &str) -> Value {
    Value::Day(Day::parse(text).unwrap())
}

pub(super) fn yuan(text: &str) -> Value {
    Value::Decimal(text.parse().unwrap())
}

pub(super) fn word(text: &str) -> Literal {
    Literal::Text(text.into())
}
