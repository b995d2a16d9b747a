//! How a record writes a person or an organisation with more than a name.

/// A field of a person or organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartyField {
    /// The name.
    Name,
    /// The number of an identity card or work permit, or the unified social credit code.
    Id,
    /// The organisation a person works for.
    Employer,
}

/// Every key accepted, the recommended one first.
pub const PARTY_KEYS: [(&str, PartyField); 17] = [
    ("name", PartyField::Name),
    ("姓名", PartyField::Name),
    ("名称", PartyField::Name),
    ("单位名称", PartyField::Name),
    ("id", PartyField::Id),
    ("code", PartyField::Id),
    ("工号", PartyField::Id),
    ("证件号", PartyField::Id),
    ("证件号码", PartyField::Id),
    ("身份证号", PartyField::Id),
    ("执法证号", PartyField::Id),
    ("统一社会信用代码", PartyField::Id),
    ("信用代码", PartyField::Id),
    ("employer", PartyField::Employer),
    ("单位", PartyField::Employer),
    ("工作单位", PartyField::Employer),
    ("所在单位", PartyField::Employer),
];
