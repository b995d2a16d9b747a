//! A small vocabulary and records for it.

use std::sync::Arc;

use crate::expr::{Builder, Comparison, Expr, Input, Literal};
use crate::source::Source;
use crate::value::{Day, Party, Row, ShapeId, Type, Value};
use crate::vocabulary::{Vocabulary, load};

/// The facts of these tests. `@` is replaced by a description.
const FACTS: &str = "\
enums:
  conclusion:
    label: 检验结论
    label_en: Test conclusion
    values:
      pass: {label: 合格, label_en: Pass}
      fail: {label: 不合格, label_en: Fail}
  paper:
    label: 文件
    label_en: Papers
    values:
      notice: {label: 监督抽查通知书, label_en: Notice}
      mandate: {label: 委托书, label_en: Mandate}
      card: {label: 工作证件, label_en: Work card}
facts:
  sampling:
    label: 抽样
    label_en: Sampling
    facts:
      shown: {type: boolean, label: 已出示监督抽查通知书, label_en: Notice shown, @}
      sealed: {type: boolean, label: 样品已封样, label_en: Samples sealed, @}
      samplers: {type: list, of: person, label: 抽样人员, label_en: Samplers, @}
      leader: {type: person, label: 组长, label_en: Leader, @}
      papers: {type: list, of: enum, enum: paper, label: 出示文件, label_en: Papers shown, @}
      marks: {type: list, of: text, label: 标记, label_en: Marks, @}
      copies: {type: integer, label: 份数, label_en: Copies, @}
      at: {type: date_time, label: 抽样时间, label_en: Sampled at, @}
  report:
    label: 检验报告
    label_en: Test report
    facts:
      issued_on: {type: date, label: 出具日期, label_en: Issued on, @}
      posted_on: {type: date, label: 寄出日期, label_en: Posted on, @}
      conclusion: {type: enum, enum: conclusion, label: 检验结论, label_en: Conclusion, @}
      testers: {type: list, of: person, label: 检验人员, label_en: Testers, @}
  retested: {type: boolean, label: 是否复检, label_en: Retested, @}
  agency: {type: organisation, label: 检验机构, label_en: Agency, @}
  note: {type: text, label: 备注, label_en: Note, @}
  price:
    label: 样品费用
    label_en: Price
    facts:
      marked: {type: decimal, unit: 元, unit_en: yuan, label: 标价, label_en: Marked, @}
      paid: {type: decimal, unit: 元, unit_en: yuan, label: 实付金额, label_en: Paid, @}
  corrections:
    type: groups
    label: 更正
    label_en: Corrections
    description: 说明
    description_en: What it is
    facts:
      confirmed: {type: boolean, label: 已确认, label_en: Confirmed, @}
      signed_on: {type: date, label: 签名日期, label_en: Signed on, @}
      signer: {type: person, label: 签名人, label_en: Signer, @}
      fee: {type: decimal, unit: 元, unit_en: yuan, label: 费用, label_en: Fee, @}
      number: {type: integer, label: 数量, label_en: Number, @}
      places:
        type: groups
        label: 位置
        label_en: Places
        description: 说明
        description_en: What it is
        facts:
          marked: {type: boolean, label: 已标明, label_en: Marked, @}
          by: {type: person, label: 标明人, label_en: By, @}
  complete: {type: boolean, label: 案卷完整, label_en: Complete, @}
  case:
    label: 案卷
    label_en: Case
    facts:
      number: {type: text, label: 案卷编号, label_en: Case number, @}
      ruleset: {type: text, label: 规则集, label_en: Rule set, @}
      closed_on: {type: date, label: 结案日期, label_en: Closed on, @}
  waivers:
    type: groups
    label: 豁免
    label_en: Waivers
    description: 说明
    description_en: What it is
    facts:
      obligation: {type: text, label: 义务, label_en: Obligation, @}
      approver: {type: text, label: 批准人, label_en: Approver, @}
      reason: {type: text, label: 理由, label_en: Reason, @}
      from: {type: date, label: 起, label_en: From, @}
      until: {type: date, label: 止, label_en: Until, @}
";

/// The vocabulary of these tests.
pub(super) fn vocabulary() -> Arc<Vocabulary> {
    static LOADED: std::sync::OnceLock<Arc<Vocabulary>> = std::sync::OnceLock::new();
    Arc::clone(LOADED.get_or_init(|| {
        let text = FACTS.replace('@', "description: 说明, description_en: What it is");
        Arc::new(load(&[Source::new("test.yaml", text)]).unwrap())
    }))
}

/// A builder with shorthands for tests.
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
        self.builder.all(items.into(), None).unwrap()
    }

    pub(super) fn any<const N: usize>(&self, items: [Expr; N]) -> Expr {
        self.builder.any(items.into(), None).unwrap()
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
        let Type::Rows(shape) = *self.fact("corrections").ty() else {
            panic!("corrections are a list of groups")
        };
        let mut row = self.blank(shape);
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
    Value::Party(Arc::new(Party::named(name)))
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
