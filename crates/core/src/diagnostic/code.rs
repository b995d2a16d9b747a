//! Every kind of diagnostic, with its stable code and what it means.

use super::Level;
use crate::lang::Text;

macro_rules! codes {
    ($($(#[$section:meta])* $name:ident = $code:literal, $level:ident, $zh:literal, $en:literal;)*) => {
        /// A kind of diagnostic. The code is stable: tests and scripts may rely on it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $en] $name,)*
        }

        impl Code {
            /// Every kind, in the order declared.
            pub const ALL: &[Code] = &[$(Code::$name),*];

            /// The stable code: `area/what-is-wrong`.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Code::$name => $code,)* }
            }

            /// The default level of this kind.
            #[must_use]
            pub fn level(self) -> Level {
                match self { $(Code::$name => Level::$level,)* }
            }

            /// Whether nothing after this place could be read.
            #[must_use]
            pub fn stops_reading(self) -> bool {
                self.level() == Level::Error && self.code().starts_with("input/")
            }

            /// What this kind of diagnostic means.
            #[must_use]
            pub fn meaning(self) -> Text {
                match self { $(Code::$name => Text::new($zh, $en),)* }
            }
        }
    };
}

codes! {
    // Inputs that cannot be read.
    InputUnreadable = "input/unreadable", Error, "文件无法读取。", "The file cannot be read.";
    InputTooLarge = "input/too-large", Error, "文件超过单个案卷的大小上限。", "The file is larger than one dossier may be.";
    InputEmpty = "input/empty", Error, "文件为空。", "The file is empty.";
    InputEncoding = "input/encoding", Error, "文件编码无法识别。", "The file's encoding is not recognised.";
    InputRecoded = "input/recoded", Note, "文件不是 UTF-8，已按识别出的编码（GB18030 或 UTF-16）解码。", "The file is not UTF-8; it was decoded from the encoding recognised (GB18030 or UTF-16).";
    InputKind = "input/kind", Error, "文件类型不受支持。", "The file is of a kind that is not supported.";
    InputSyntax = "input/syntax", Error, "文件不是合法的 YAML 或 JSON。", "The file is not well-formed YAML or JSON.";
    InputTooDeep = "input/too-deep", Error, "文件嵌套过深或别名展开过大。", "The file nests too deeply or its aliases expand too far.";

    InputUnsupported = "input/unsupported", Error, "文件用了案卷记录不支持的写法。", "The file uses notation that records do not support.";
    InputSeveral = "input/several-documents", Error, "一个文件里有多个案卷。", "The file holds more than one case.";
    InputNoDossiers = "input/no-dossiers", Error, "文件夹中没有案卷。", "The folder holds no dossier.";
    InputPassedOver = "input/passed-over", Note, "文件夹中有文件不是案卷，未审查。", "The folder holds files that are not dossiers; they were not audited.";

    InputEncrypted = "input/encrypted", Error, "工作簿设有打开密码。", "The workbook cannot be opened without its password.";
    InputDamaged = "input/damaged", Error, "工作簿不完整或者已损坏。", "The workbook is cut off or damaged.";
    InputExpands = "input/expands-too-far", Error, "工作簿解压后或者展开后过大。", "The workbook becomes too large when it is unpacked.";

    // Tables: one row per case.
    TableNoHeader = "table/no-header", Error, "没有找到表头。", "No header was found.";
    TableUnknownColumn = "table/unknown-column", Error, "列名像是写错了。", "The header of a column seems to be misspelt.";
    TableAmbiguousColumn = "table/ambiguous-column", Error, "列名可指几个事项。", "The header of a column may mean several facts.";
    TableDuplicateColumn = "table/duplicate-column", Error, "两列是同一事项。", "Two columns hold the same fact.";
    TableIgnoredColumns = "table/ignored-columns", Note, "有的列不是数据字典中的事项，没有读取。", "Some columns are not facts of the vocabulary and were not read.";
    TableSheetPassedOver = "table/sheet-passed-over", Note, "有的工作表不是案卷表，没有读取。", "Some sheets are not tables of cases and were not read.";
    TableUnknownSheet = "table/unknown-sheet", Error, "工作表的名称像是写错了。", "The name of a sheet seems to be misspelt.";
    TableSeveralMain = "table/several-main", Warning, "几个工作表都像主表。", "Several sheets look like the main table.";
    TableWhichCases = "table/which-cases", Error, "工作表的各行是另外的案卷还是主表各案的明细，无从确定。", "It is not certain whether the rows of a sheet are other cases or belong to the same ones.";
    TableUnknownCase = "table/unknown-case", Error, "明细所属的案卷不在主表中。", "The case a detail belongs to is not in the main table.";
    TableNoCaseNumber = "table/no-case-number", Error, "明细没有案卷编号。", "A detail has no case number.";
    TableRowPassedOver = "table/row-passed-over", Note, "合计、说明等行不是案卷，没有读取。", "Totals, notes and the like are not cases and were not read.";
    TableBlankMark = "table/blank-mark", Note, "单独的斜线或者横线按未填写读取。", "A lone slash or dash was read as blank.";
    TableCellError = "table/cell-error", Error, "单元格的公式出错。", "The formula of a cell failed.";
    TableNoValue = "table/no-value", Error, "单元格不是空的，但是没有可读的内容。", "A cell is not blank, but its value cannot be read.";
    TableUnplacedColumns = "table/unplaced-columns", Warning, "有的列像是日期、姓名或者结论，但不知道是哪一项，没有读取。", "Some columns hold days, names or conclusions, and what they mean is not known; they were not read.";
    TableHidden = "table/hidden", Note, "有隐藏的行或者列，照常读取。", "Some rows or columns are hidden; they were read like the others.";
    TableDigitsLost = "table/digits-lost", Error, "长编号按数字存放，末几位已经丢失。", "A long number kept as a number has lost its last digits.";
    TableListInCell = "table/list-in-cell", Error, "明细不能写在一个单元格里。", "A list of groups does not fit in one cell.";
    TableUnit = "table/unit", Error, "列名所注单位与数据字典不符。", "The unit in a header is not the one the vocabulary declares.";
    TableUnmatched = "table/unmatched", Error, "两列的项数不一致，无法逐项对应。", "Two columns that belong together have different numbers of entries.";
    TableMapping = "table/mapping", Error, "列名对照文件有误。", "The file that maps columns is wrong.";
    TableMacros = "table/macros", Note, "工作簿带有宏，没有运行。", "The workbook has macros; they were not run.";

    // The command line and its output.
    UsageInvalid = "usage/invalid", Error, "命令的参数有误。", "The arguments of the command are wrong.";
    UsageUnknownName = "usage/unknown-name", Error, "没有这一规则集或义务。", "There is no such rule set or obligation.";
    RunInterrupted = "run/interrupted", Error, "审查被中断，只完成了一部分。", "The audit was interrupted; only part of it was done.";
    RunNotResumable = "run/not-resumable", Error, "中断的审查不能接着进行。", "The interrupted audit cannot be continued.";
    OutputUnwritable = "output/unwritable", Error, "结果无法写入。", "The output cannot be written.";

    // Records.
    RecordAssumed = "record/assumed", Note, "审查时假设了案卷没有的记载。", "A fact was assumed for the audit that the record does not state.";
    RecordUnknownKey = "record/unknown-key", Error, "数据字典中没有这一项。", "The vocabulary has no such key.";
    RecordShape = "record/shape", Error, "案卷记录的最上层不是“键: 值”。", "The top of the record is not a map.";
    RecordDuplicateKey = "record/duplicate-key", Error, "同一项重复填写。", "The same key is given twice.";
    RecordWrongType = "record/wrong-type", Error, "值的类型与数据字典不符。", "The value is not of the type the vocabulary declares.";
    RecordImpossibleDate = "record/impossible-date", Error, "日期不存在或写法不合规范。", "The date does not exist or is not written as a date.";
    RecordDateOutOfReason = "record/date-out-of-reason", Error, "日期超出合理范围。", "The date is far outside the plausible range.";
    RecordUnknownValue = "record/unknown-value", Error, "枚举中没有这一值。", "The enum has no such value.";
    RecordOutOfRange = "record/out-of-range", Error, "数值超出允许范围。", "The number is outside the limits the vocabulary declares.";
    RecordUnclearName = "record/unclear-name", Error, "分不清写的是谁、有几人。", "It is not clear whom, or how many people, a value names.";
    RecordDitto = "record/ditto", Error, "写的是“同上”，没有写明内容。", "The value refers to another one instead of saying what it is.";
    RecordInvisible = "record/invisible-character", Note, "值里有看不见的字符，不计在内。", "A value holds invisible characters, which do not count.";
    RecordTooManyFaults = "record/too-many-faults", Error, "问题过多，只列出了前一部分。", "There are too many faults; only the first are listed.";
    RecordContradiction = "record/contradiction", Warning, "记录自相矛盾。", "The record contradicts itself.";
    RecordCutOff = "record/cut-off", Warning, "案卷声明材料完整，但整个环节没有记载。", "A record declared complete says nothing about a whole stage.";
    RecordBackwards = "record/backwards", Warning, "日期先后顺序颠倒。", "Dates run backwards.";

    RecordAfterAudit = "record/after-audit-date", Note, "案卷记载了审查日之后的事项。", "The record has acts after the day it is audited for.";

    // Waivers a record states.
    WaiverInvalid = "waiver/invalid", Warning, "豁免缺少必要内容或者所指义务不存在。", "The waiver lacks what it needs, or names no obligation.";
    WaiverExpired = "waiver/expired", Warning, "豁免已到期或者尚未生效。", "The waiver has expired, or does not hold yet.";
    WaiverUnused = "waiver/unused", Warning, "豁免没有用上。", "The waiver is not used.";
    RecordNoRuleSet = "record/no-rule-set", Error, "案卷没有写明适用的规则集。", "The record names no rule set.";
    RecordSeveralRuleSets = "record/several-rule-sets", Error, "案卷没有写明规则集，可能适用的不止一个。", "The record names no rule set, and more than one may fit.";
    RecordNoFittingRuleSet = "record/no-fitting-rule-set", Error, "案卷没有写明规则集，与记载相符的也没有。", "The record names no rule set, and none fits what it records.";
    RecordStraddles = "record/straddles-change", Note, "本案跨越规则施行或者失效之日。", "The case straddles the day a rule set came into force, or went out of it.";
    RecordOutOfForce = "record/out-of-force", Warning, "规则集在本案行为之日都不施行。", "The rule set was in force on no day of the case.";
    RecordPartial = "record/partial", Note, "有内容无法读取，未记载的事项按未知认定。", "Something could not be read; what is not recorded counts as unknown.";
    RecordOtherOrganiser = "record/other-organiser", Warning, "案卷记载的组织部门不是所用规则集的组织部门。", "The organiser on record is not the one whose checks the rule set governs.";
    RecordSameDossier = "record/same-dossier", Note, "同一案卷给了不止一次，只计一次。", "A dossier was given more than once; it counts once.";
    RecordSameNumber = "record/same-number", Warning, "几个案卷的编号相同。", "Several dossiers have the same number.";

    // Whole campaigns.
    CampaignLeftOut = "campaign/left-out", Note, "有案卷没有记载归集所需的事实。", "Cases do not say what they are gathered by.";
    CampaignNearNames = "campaign/near-names", Warning, "归集所依的名称有的相近，可能是同一个。", "Some of the names that cases are gathered by are nearly the same and may refer to one party.";
    CampaignNoCases = "campaign/no-cases", Note, "只有整批抽查的记录，没有案卷。", "There is only the record of a campaign, and no case.";
    CampaignTooMany = "campaign/too-many", Warning, "归集在一起的案卷过多，未作跨案审查。", "Too many cases were gathered together to be audited across.";
    CampaignTwice = "campaign/twice", Error, "同一规则集的整批抽查记录不止一份。", "There is more than one record of the campaign of a rule set.";
    CampaignLedger = "campaign/ledger", Error, "跨案审查用的临时文件无法读写。", "The temporary file for the audit across cases cannot be written or read.";

    // The vocabulary.
    VocabularyInvalid = "vocabulary/invalid", Error, "数据字典有误。", "The vocabulary is invalid.";

    // Tests of rule sets.
    TestsInvalid = "tests/invalid", Error, "规则测试文件有误。", "A file of rule tests is wrong.";
    TestsDuplicate = "tests/duplicate", Error, "规则测试中有重名或者重复。", "A file of rule tests gives a name or a key twice.";
    TestsUnknownName = "tests/unknown-name", Error, "规则测试中所写的名称不存在。", "A file of rule tests names something that does not exist.";
    TestsUnknownPath = "tests/unknown-path", Error, "规则测试所改的事实路径不对。", "A test changes a fact at a path that leads nowhere.";
    TestsBaseCycle = "tests/base-cycle", Error, "基准案卷相互派生，形成循环。", "Base dossiers derive from each other in a cycle.";
    TestsNotRun = "tests/not-run", Note, "规则集的测试没有运行。", "The tests of a rule set were not run.";
    TestsNoDay = "tests/no-day", Error, "规则测试没有审查截至之日。", "A test has no day to be judged on.";

    // The calendar.
    CalendarInvalid = "calendar/invalid", Error, "日历数据有误。", "The calendar is invalid.";

    // The obligation graph.
    GraphDanglingId = "graph/dangling-id", Error, "所指的编号不存在。", "The id named does not exist.";
    GraphWrongKind = "graph/wrong-kind", Error, "所指的编号不是此处所需的一类。", "The id named is not of the kind needed here.";
    GraphDuplicateId = "graph/duplicate-id", Error, "同一编号重复使用。", "The same id is declared twice.";
    GraphCycle = "graph/cycle", Error, "规则相互依赖，形成循环。", "Rules depend on each other in a cycle.";
    GraphNotIncluded = "graph/not-included", Error, "所细化的义务不在所包含的规则集中。", "The obligation refined is not in an included rule set.";

    // A rule set and those above it.
    LayersRelaxed = "layers/relaxed", Warning, "下位规定放宽了上位义务；上位义务仍然有效。", "A rule set relaxes a duty above it, which stays in force.";
    LayersNotComparable = "layers/not-comparable", Note, "下位规定不能证明不低于上位义务；上位义务仍然有效。", "A rule set is not shown to demand as much as a duty above it, which stays in force.";

    // Rule scripts.
    RulesFolder = "rules/folder", Error, "规则文件夹无法使用。", "The rules folder cannot be used.";
    RulesTooLarge = "rules/too-large", Error, "规则文件超过大小或数量上限。", "A rule file is too large, or there are too many.";
    RulesEncoding = "rules/encoding", Error, "规则文件不是 UTF-8 编码。", "A rule file is not UTF-8.";
    RulesByteOrderMark = "rules/byte-order-mark", Note, "规则文件带有字节序标记，已略过。", "A rule file begins with a byte-order mark, which was skipped.";
    RulesSyntax = "rules/syntax", Error, "规则脚本有语法错误。", "A rule script is not well-formed.";
    RulesFullWidth = "rules/full-width", Error, "规则脚本中用了全角标点。", "A rule script uses full-width punctuation.";
    RulesDisabled = "rules/disabled", Error, "规则脚本中不能使用这一语句或运算符。", "Rule scripts cannot use this statement or operator.";
    RulesReserved = "rules/reserved-word", Error, "这是脚本语言的保留字。", "This is a reserved word of the script language.";
    RulesUnknownName = "rules/unknown-name", Error, "没有这样的变量、函数、属性或模块。", "There is no such variable, function, property or module.";
    RulesArguments = "rules/arguments", Error, "函数或运算符不接受这样的参数。", "A function or operator does not take such arguments.";
    RulesShadowed = "rules/shadowed", Error, "脚本定义的函数与内置函数同名。", "A script defines a function with the name of a built-in one.";
    RulesRuntime = "rules/runtime", Error, "规则脚本运行出错。", "A rule script failed while it ran.";
    RulesLimit = "rules/limit", Error, "规则脚本超过了运行上限。", "A rule script went beyond a limit.";
    RulesImport = "rules/import", Error, "无法引入这一模块。", "The module cannot be imported.";
    RulesImportCycle = "rules/import-cycle", Error, "模块循环引入。", "Modules import each other in a circle.";
    RulesModuleDeclares = "rules/module-declares", Error, "公用模块在函数之外作了声明。", "A module declares something outside its functions.";
    RulesUnknownFact = "rules/unknown-fact", Error, "数据字典中没有这一事实。", "The vocabulary has no such fact.";
    RulesUnknownValue = "rules/unknown-value", Error, "枚举中没有这一值。", "The enum has no such value.";
    RulesType = "rules/type", Error, "表达式的类型不对。", "An expression is of the wrong type.";
    RulesUnlikeTypes = "rules/unlike-types", Error, "比较了类型不同的两个值。", "Two values of unlike types are compared.";
    RulesPlainBoolean = "rules/plain-boolean", Error, "需要条件表达式的地方是普通的真假值。", "A plain boolean stands where a condition is needed.";
    RulesExpressionInText = "rules/expression-in-text", Error, "表达式被拼接成了文本。", "An expression is made into text.";
    RulesUnknownKey = "rules/unknown-key", Error, "声明中没有这一项。", "The declaration has no such key.";
    RulesMissingKey = "rules/missing-key", Error, "声明缺少必填项。", "The declaration lacks a key it must have.";
    RulesWrongValue = "rules/wrong-value", Error, "声明中某一项的值不对。", "A key of the declaration has a wrong value.";
    RulesMustAndMustNot = "rules/must-and-must-not", Error, "同一义务既写 must 又写 must_not。", "An obligation has both must and must_not.";
    RulesScope = "rules/scope", Error, "审查范围不存在，或者义务读取了范围以外的事实。", "There is no such scope, or an obligation reads facts outside its own.";
    RulesUnknownRole = "rules/unknown-role", Error, "数据字典中没有这一角色。", "The vocabulary has no such role.";
    RulesUnknownSeverity = "rules/unknown-severity", Error, "没有这一严重程度。", "There is no such severity.";
    RulesNoCitation = "rules/no-citation", Error, "义务没有引用条款。", "An obligation cites nothing.";
    RulesEmptyQuote = "rules/empty-quote", Error, "引用没有原文或者没有条款号。", "A citation has no words or no section.";
    RulesUnknownInstrument = "rules/unknown-instrument", Error, "规范文件未登记。", "The instrument is not registered.";
    RulesBadId = "rules/bad-id", Error, "编号写法不合规范。", "An id is not well-formed.";
    RulesDuplicateId = "rules/duplicate-id", Error, "编号重复。", "An id is declared twice.";
    RulesParts = "rules/parts", Error, "组成部分有误：空、嵌套或者代码重复。", "There are no parts, or parts are nested or share a code.";
    RulesDeadline = "rules/deadline", Error, "期限有误。", "A deadline is wrong.";
    RulesRuleSet = "rules/rule-set", Error, "规则集的声明有误。", "The declaration of a rule set is wrong.";
    RulesUnknownRuleSet = "rules/unknown-rule-set", Error, "没有这一规则集。", "There is no such rule set.";
    RulesIncludeCycle = "rules/include-cycle", Error, "规则集循环包含。", "Rule sets include each other in a circle.";
    RulesDiscarded = "rules/discarded", Warning, "算出的结果没有用到。", "A value that was built is not used.";
    RulesPrinted = "rules/printed", Note, "规则脚本的输出。", "What a rule script printed.";
    RulesInternal = "rules/internal", Error, "装载规则时程序内部出错。", "The program failed while it loaded the rules.";

    // Instruments.
    InstrumentsInvalid = "instruments/invalid", Error, "规范文件登记表有误。", "The registry of instruments is invalid.";

    // Their texts, clauses and quotes.
    TextsUnreadable = "texts/unreadable", Error, "规范文件的文本无法读取。", "The text of an instrument cannot be read.";
    TextsMissing = "texts/missing", Warning, "没有规范文件的文本，只按锁定文件核对。", "The text of an instrument is missing; its citations are checked against the lock.";
    TextsOther = "texts/other-text", Error, "文本不是登记的那一份。", "The text is not the one that is registered.";
    ClausesInvalid = "clauses/invalid", Error, "分条说明有误，或者与文本不符。", "The description of how a text is cut is wrong, or does not fit the text.";
    LockMissing = "lock/missing", Error, "规范文件没有锁定文件。", "An instrument has no lock.";
    LockInvalid = "lock/invalid", Error, "锁定文件有误。", "A lock is invalid.";
    LockStale = "lock/stale", Error, "文本在锁定之后有改动。", "The text has changed since it was locked.";
    CitationNotFound = "citation/not-found", Error, "规范文件中没有所引原文。", "The instrument does not contain the words quoted.";
    CitationOtherSection = "citation/other-section", Error, "所引原文不在所写的条款号之下。", "The words quoted stand in another section.";
    CitationAmbiguous = "citation/ambiguous", Error, "所引原文在几句中都有。", "The words quoted stand in several clauses.";
    CitationSpans = "citation/spans-sentences", Error, "所引原文跨越几句。", "The words quoted run over several sentences.";
    CitationNotLocked = "citation/not-locked", Error, "所引原文不在锁定文件中。", "The words quoted are not in the lock.";
    CitationUnchecked = "citation/unchecked", Warning, "所引规范文件没有分条说明，引文无从核对。", "The instrument cited has no description of its clauses, so that its quotes cannot be checked.";

    // Rule sets that load without error but are still mistaken.
    LintUnusedStage = "lint/unused-stage", Warning, "没有规则以这一环节为前提。写错了编号，或者环节已经多余。", "No rule presupposes this stage: an id is mistaken, or the stage is no longer needed.";
    LintUnusedException = "lint/unused-exception", Warning, "没有义务引用这一例外。写错了编号，或者例外没有生效。", "No obligation names this exception: an id is mistaken, or the exception has no effect.";
    LintUnusedFacts = "lint/unused-facts", Note, "数据字典中有的事实没有规则用到：只供填写，不影响审查结果。", "No rule reads some facts of the vocabulary: they may be recorded, but decide nothing.";
    LintNeverApplies = "lint/never-applies", Warning, "找不到使义务适用的案卷，测试中也没有：条件自相矛盾，如同一事实须等于两个不同的值。", "No record was found in which the obligation arises, and no test has one: its conditions contradict each other, as where one fact must equal two values.";
    LintNeverViolated = "lint/never-violated", Warning, "找不到违反该义务的案卷，测试中也没有：要求总是成立，或者例外、人工判断的情形包括了一切违反。", "No record was found that violates the obligation, and no test has one: its requirement always holds, or exceptions and reviews cover every breach.";
    LintNeverSatisfied = "lint/never-satisfied", Warning, "找不到符合该义务的案卷，测试中也没有：要求自相矛盾。", "No record was found that satisfies the obligation, and no test has one: its requirement contradicts itself.";
    LintAlwaysJudged = "lint/always-judged", Note, "违反该义务的，总是留待人工判断。", "A breach of this obligation is always left to a person.";
    LintContradictoryDeadlines = "lint/contradictory-deadlines", Warning, "同一行为的两个期限没有共同的日子：守了一个就违反另一个。", "Two deadlines of one act have no day in common: whoever keeps one breaks the other.";
    LintUntested = "lint/untested", Note, "有的义务没有测试违反它。", "Some obligations are violated by no test.";
    LintClauseMissing = "lint/clause-missing", Warning, "规范文件有的条款既没有编码，也没有列为不可审查。", "Clauses of the instrument are neither encoded nor listed as not auditable.";
    LintLongLine = "lint/long-line", Warning, "脚本的一行太长。", "A line of a script is too long.";
    LintRepeatedWords = "lint/repeated-words", Warning, "脚本把规范文件的同一句写了两次：注释重复引文，或者同一引文抄录两处。", "A script writes a sentence of an instrument twice: a comment repeats a quote, or one quote stands in two places.";

    // Which clauses a rule set covers.
    CoverageInvalid = "coverage/invalid", Error, "不可审查条款清单有误。", "The list of clauses that cannot be audited is wrong.";
    CoverageNeedless = "coverage/needless", Warning, "已编码的条款又列为不可审查。", "A clause that is encoded is listed as not auditable too.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_unique_and_explained_in_both_languages() {
        let mut seen = std::collections::BTreeSet::new();
        for code in Code::ALL {
            assert!(seen.insert(code.code()), "{}", code.code());
            assert!(!code.meaning().zh.is_empty() && !code.meaning().en.is_empty());
        }
    }
}
