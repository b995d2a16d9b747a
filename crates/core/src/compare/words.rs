//! Puts differences into words.

use super::{Aspect, Change, Class, Said};
use crate::lang::{Lang, Text};
use crate::period;
use crate::text;
use crate::vocabulary::Vocabulary;

impl Change {
    /// What differs, in one line: the aspect and, if it concerns one part, the part.
    #[must_use]
    pub fn title(&self) -> Text {
        let aspect = match (self.aspect, &self.lower, &self.higher) {
            (Aspect::Condition, ..) => match self.class {
                Class::Tightened => Text::new("适用范围更宽", "arises more widely"),
                Class::Relaxed => Text::new("适用范围更窄", "arises more narrowly"),
                _ => Text::new("适用条件不同", "arises under other conditions"),
            },
            (Aspect::Deadline, Said::Time { .. }, Said::Time { .. }) => match self.class {
                Class::Tightened => Text::new("期限更短", "shorter deadline"),
                Class::Relaxed => {
                    Text::new("期限更长或者不再确定", "longer deadline, or none to count")
                }
                _ => Text::new("期限无从比较", "deadlines that cannot be compared"),
            },
            (Aspect::Deadline, Said::Nothing, _) => Text::new("没有期限", "no deadline"),
            (Aspect::Deadline, _, Said::Nothing) => Text::new("增加期限", "a deadline added"),
            (Aspect::Deadline, ..) => Text::new("有无期限不同", "one has a deadline"),
            (Aspect::Count, Said::Holds(..), Said::Holds(..)) => match self.class {
                Class::Tightened => Text::new("数量要求更高", "a stricter number"),
                Class::Relaxed => Text::new("数量要求更低", "a laxer number"),
                _ => Text::new("数量要求不同", "another number"),
            },
            (Aspect::Count | Aspect::Demand, Said::Nothing, _) => match self.class {
                Class::Relaxed => Text::new("不再要求", "no longer demanded"),
                _ => Text::new("没有这一要求", "not demanded"),
            },
            (Aspect::Count | Aspect::Demand, _, Said::Nothing) => {
                Text::new("增加要求", "demanded besides")
            }
            (Aspect::Count | Aspect::Demand, ..) => match self.class {
                Class::Tightened => Text::new("要求更高", "demands more"),
                Class::Relaxed => Text::new("要求更低", "demands less"),
                _ => Text::new("要求不同", "demands something else"),
            },
            (Aspect::Exception, Said::Nothing, _) => {
                Text::new("没有这一例外", "without the exception")
            }
            (Aspect::Exception, ..) => Text::new("增加例外", "an exception added"),
            (Aspect::Judgement, Said::Nothing, _) => {
                Text::new("不再由人工判断", "no longer left to a person")
            }
            (Aspect::Judgement, ..) => {
                Text::new("增加由人工判断的情形", "more is left to a person")
            }
            (Aspect::Excuse, ..) => Text::new("增加免除", "a breach is excused"),
            (Aspect::Bearer, ..) => Text::new("责任主体不同", "another bearer"),
            (Aspect::Severity, ..) => Text::new("轻重不同", "another severity"),
        };
        match &self.part {
            Some(part) => text!("{}：{}", "{}: {}"; part, aspect),
            None => aspect,
        }
    }

    /// The lower duty's side in words; `vocabulary` is the one of its rules.
    #[must_use]
    pub fn lower_text(&self, vocabulary: &Vocabulary) -> Text {
        say(&self.lower, vocabulary)
    }

    /// The higher duty's side in words; `vocabulary` is the one of its rules.
    #[must_use]
    pub fn higher_text(&self, vocabulary: &Vocabulary) -> Text {
        say(&self.higher, vocabulary)
    }
}

fn say(said: &Said, vocabulary: &Vocabulary) -> Text {
    match said {
        Said::Nothing => Text::new("无", "none"),
        Said::Titled(text) => text.clone(),
        Said::Severity(severity) => severity.label(),
        Said::Bearer(code) => {
            let role = vocabulary.roles().iter().find(|role| role.code == *code);
            role.map_or_else(|| Text::same(code.as_str()), |role| role.label.clone())
        }
        Said::Holds(expr, true) => expr.text(vocabulary),
        Said::Holds(expr, false) => {
            text!("不得有下列情形：{}", "this must not be: {}"; expr.text(vocabulary))
        }
        Said::Time { act, since, limit } => {
            let (act, limit) = (act.text(vocabulary), period::rule(*limit));
            match since.as_ref().map(|since| since.text(vocabulary)) {
                Some(since) => {
                    text!("{}，以{}为起算日，{}", "{}, from {}: {}"; act, since, limit)
                }
                None => text!("{}，{}", "{}, {}"; act, limit),
            }
        }
        Said::When(after, conditions) => {
            let mut all: Vec<Text> = after
                .iter()
                .map(|title| text!("已到“{}”", "“{}” applies"; title))
                .collect();
            all.extend(conditions.iter().map(|expr| expr.text(vocabulary)));
            if all.is_empty() {
                return Text::new("凡适用本规则集的案卷", "every case of the rule set");
            }
            let joined = |lang: Lang, glue: &str| {
                let all: Vec<&str> = all.iter().map(|text| text.get(lang)).collect();
                all.join(glue)
            };
            Text::new(joined(Lang::Zh, "；且"), joined(Lang::En, "; and "))
        }
    }
}
