//! The tree of facts: groups flattened into shapes, shapes expanded where they are used.

mod leaf;

use std::collections::HashMap;
use std::sync::Arc;

use super::raw::{File, Node};
use super::{Loader, NAMES, is_taken, place};
use crate::diagnostic::Label;
use crate::lang::Text;
use crate::source::{Source, Span};
use crate::text;
use crate::value::{ShapeId, SlotId, Type};
use crate::vocabulary::across::is_across;
use crate::vocabulary::{Entry, Fact, FactId, Group, GroupId, Shape};
use crate::written::{Entries, Word};

type Shapes<'r> = HashMap<&'r str, (&'r Arc<Source>, &'r Word, &'r Entries<Node>)>;

/// Builds groups, shapes and facts from all files.
pub(super) fn build(loader: &mut Loader, raws: &[(Arc<Source>, File)]) {
    let mut shapes: Shapes<'_> = HashMap::new();
    for (source, raw) in raws {
        for (name, shape) in &raw.shapes.0 {
            if shapes
                .insert(&name.value, (source, name, &shape.facts))
                .is_some()
            {
                let shape = &name.value;
                loader.report(
                    place(source, name),
                    text!(
                        "结构 `{shape}` 重复定义",
                        "the shape `{shape}` is declared twice"
                    ),
                );
            }
        }
    }
    let mut builder = Builder {
        loader,
        shapes,
        expanding: Vec::new(),
        full: false,
    };
    let root = builder.add_group(
        String::new(),
        String::new(),
        Text::default(),
        Text::default(),
        ShapeId::ROOT,
    );
    builder.loader.vocabulary.shapes.push(Shape {
        group: root,
        facts: Vec::new(),
    });
    let above = Above {
        prefix: String::new(),
        title: Text::default(),
    };
    let roots = raws.iter().map(|(_, raw)| &raw.facts);
    let most = roots.map(|nodes| count(nodes, &builder.shapes)).sum();
    builder.loader.vocabulary.facts.reserve(most);
    builder.loader.vocabulary.paths.reserve(most);
    for (source, raw) in raws {
        builder.fill(root, ShapeId::ROOT, &above, source, &raw.facts);
    }
    builder.report_unused(raws);
}

struct Builder<'l, 'r> {
    loader: &'l mut Loader,
    shapes: Shapes<'r>,
    /// The shapes being expanded, the outermost first.
    expanding: Vec<&'r str>,
    /// Whether the limit of facts was reached, so that it is reported once.
    full: bool,
}

/// The path and titles above a fact.
struct Above {
    /// The beginning of its path, the dot included.
    prefix: String,
    /// The labels of the groups above it.
    title: Text,
}

impl Above {
    fn path(&self, code: &str) -> String {
        [&self.prefix, code].concat()
    }

    fn title(&self, label: &Text) -> Text {
        if self.title.is_empty() {
            return label.clone();
        }
        Text::new(
            [&self.title.zh, "·", &label.zh].concat(),
            [&self.title.en, ": ", &label.en].concat(),
        )
    }
}

/// The names of a fact or a group.
struct Named {
    path: String,
    label: Text,
}

impl<'r> Builder<'_, 'r> {
    fn add_group(
        &mut self,
        path: String,
        code: String,
        label: Text,
        description: Text,
        shape: ShapeId,
    ) -> GroupId {
        let groups = &mut self.loader.vocabulary.groups;
        let id = GroupId(u16::try_from(groups.len()).unwrap_or(u16::MAX));
        groups.push(Group {
            path,
            code,
            label,
            aliases: Vec::new(),
            description,
            shape,
            entries: Vec::new(),
            keys: Arc::default(),
        });
        id
    }

    fn fill(
        &mut self,
        group: GroupId,
        shape: ShapeId,
        above: &Above,
        source: &'r Arc<Source>,
        nodes: &'r Entries<Node>,
    ) {
        let more = nodes.0.len();
        let holder = &mut self.loader.vocabulary.groups[usize::from(group.0)];
        holder.entries.reserve(more);
        Arc::make_mut(&mut holder.keys).reserve(NAMES * more);
        for (code, node) in &nodes.0 {
            let at = place(source, code);
            self.loader.check_code(&at, &code.value);
            let path = above.path(&code.value);
            if self.is_repeated(&at, &path) {
                continue;
            }
            if code.value == "complete" && !above.prefix.is_empty() {
                self.loader.report(
                    at.clone(),
                    Text::new(
                        "`complete` 只能在最上层",
                        "`complete` can only stand at the top",
                    ),
                );
            }
            let label = self.loader.both(
                &at,
                "label",
                node.label.as_ref(),
                node.label_en.as_ref(),
                true,
            );
            let named = Named { path, label };
            let entry = match &node.ty {
                None => self.group(shape, above, source, code, node, &named),
                Some(_) => self.fact(shape, above, source, code, node, &named),
            };
            let Some(entry) = entry else { continue };
            self.name(group, &at, code, node, &named.label, entry);
        }
    }

    /// Adds the keys of an entry to its group.
    fn name(
        &mut self,
        group: GroupId,
        at: &Span,
        code: &Word,
        node: &Node,
        label: &Text,
        entry: Entry,
    ) {
        let holder = &mut self.loader.vocabulary.groups[usize::from(group.0)];
        let position = u32::try_from(holder.entries.len()).unwrap_or(u32::MAX);
        holder.entries.push(entry);
        let keys = Arc::make_mut(&mut holder.keys);
        let own = [code.value.as_str(), &label.zh, &label.en];
        let aliases = node.aliases.iter().map(|alias| alias.value.as_str());
        let mut taken = Vec::new();
        for key in own.into_iter().chain(aliases) {
            if is_taken(keys, key, position) {
                taken.push(key);
            }
        }
        for key in taken {
            self.loader.report_taken(at, key);
        }
    }

    fn group(
        &mut self,
        shape: ShapeId,
        above: &Above,
        source: &'r Arc<Source>,
        code: &'r Word,
        node: &'r Node,
        named: &Named,
    ) -> Option<Entry> {
        let Named { path, label } = named;
        let at = place(source, code);
        let description = self.loader.both(
            &at,
            "description",
            node.description.as_ref(),
            node.description_en.as_ref(),
            false,
        );
        if let Some(key) = only_of_facts(node) {
            self.loader.report(
                at.clone(),
                text!("一组事实没有 `{key}`", "a group has no `{key}`"),
            );
        }
        if self.loader.vocabulary.groups.len() >= usize::from(u16::MAX) {
            self.too_many(at);
            return None;
        }
        let id = self.add_group(
            path.clone(),
            code.value.clone(),
            label.clone(),
            description,
            shape,
        );
        self.loader.vocabulary.groups[usize::from(id.0)].aliases = aliases(node);
        self.enter_path(path.clone(), Entry::Group(id));
        let below = Above {
            prefix: [path, "."].concat(),
            title: above.title(label),
        };
        self.contents(id, shape, &below, source, code, node);
        Some(Entry::Group(id))
    }

    /// Fills a group from its `facts` or its `shape`.
    fn contents(
        &mut self,
        group: GroupId,
        shape: ShapeId,
        below: &Above,
        source: &'r Arc<Source>,
        code: &'r Word,
        node: &'r Node,
    ) {
        match (&node.facts, &node.shape) {
            (Some(facts), None) => self.fill(group, shape, below, source, facts),
            (None, Some(name)) => {
                let Some(&(declared_in, _, facts)) = self.shapes.get(name.value.as_str()) else {
                    let wanted = &name.value;
                    let mut names: Vec<&str> = self.shapes.keys().copied().collect();
                    names.sort_unstable();
                    self.loader.report_unknown(
                        place(source, name),
                        text!("没有结构 `{wanted}`", "there is no shape `{wanted}`"),
                        wanted,
                        names,
                    );
                    return;
                };
                if self.expanding.contains(&name.value.as_str()) {
                    let chain = [self.expanding.join(" → "), name.value.clone()].join(" → ");
                    self.loader.report(
                        place(source, name),
                        text!(
                            "结构循环引用：{chain}",
                            "shapes contain one another: {chain}"
                        ),
                    );
                    return;
                }
                self.expanding.push(&name.value);
                self.fill(group, shape, below, declared_in, facts);
                self.expanding.pop();
            }
            (Some(_), Some(name)) => {
                self.loader.report(
                    place(source, name),
                    Text::new(
                        "`facts` 与 `shape` 只能有一个",
                        "there can be only one of `facts` and `shape`",
                    ),
                );
            }
            (None, None) => {
                let name = &code.value;
                self.loader.report(
                    place(source, code),
                    text!(
                        "`{name}` 须有 `type`、`facts` 或 `shape`",
                        "`{name}` needs a `type`, `facts` or a `shape`"
                    ),
                );
            }
        }
    }

    fn fact(
        &mut self,
        shape: ShapeId,
        above: &Above,
        source: &'r Arc<Source>,
        code: &'r Word,
        node: &'r Node,
        named: &Named,
    ) -> Option<Entry> {
        let Named { path, label } = named;
        let ty = node.ty.as_ref()?;
        let at = place(source, code);
        let (facts, own) = (
            self.loader.vocabulary.facts.len(),
            self.loader.vocabulary.shapes[usize::from(shape.0)]
                .facts
                .len(),
        );
        let (Ok(id), Ok(slot)) = (u16::try_from(facts), u16::try_from(own)) else {
            self.too_many(at);
            return None;
        };
        let id = FactId(id);
        let description = self.loader.both(
            &at,
            "description",
            node.description.as_ref(),
            node.description_en.as_ref(),
            true,
        );
        let form = self.loader.both(
            &at,
            "form",
            node.form.as_ref(),
            node.form_en.as_ref(),
            false,
        );
        let unit = self.loader.both(
            &at,
            "unit",
            node.unit.as_ref(),
            node.unit_en.as_ref(),
            false,
        );
        let rows = ty.value == "groups";
        // A fact of a wrong type is still added, so that references to it are not reported as unknown.
        let ty = if rows {
            Type::Rows(ShapeId(
                u16::try_from(self.loader.vocabulary.shapes.len()).unwrap_or(u16::MAX),
            ))
        } else {
            self.leaf_type(source, node, ty).unwrap_or(Type::Text)
        };
        self.check_keys(source, code, node, &ty);
        self.loader.vocabulary.shapes[usize::from(shape.0)]
            .facts
            .push(id);
        let title = above.title(label);
        let range = self.range(source, node, &ty);
        let days = self.days(source, node);
        let is_state = self.is_state(source, node, shape);
        self.loader.vocabulary.facts.push(Fact {
            path: path.clone(),
            code: code.value.clone(),
            shape,
            slot: SlotId(slot),
            range,
            days,
            unit: Some(unit).filter(|text| !text.is_empty()),
            label: label.clone(),
            title: title.clone(),
            name: Text::default(),
            aliases: aliases(node),
            description: description.clone(),
            form: Some(form).filter(|text| !text.is_empty()),
            personal: node.personal,
            is_state,
            across: is_across(path),
            declared: at,
            ty,
        });
        self.enter_path(path.clone(), Entry::Fact(id));
        if rows {
            let of =
                ShapeId(u16::try_from(self.loader.vocabulary.shapes.len()).unwrap_or(u16::MAX));
            let group = self.add_group(
                path.clone(),
                code.value.clone(),
                label.clone(),
                description,
                of,
            );
            self.loader.vocabulary.groups[usize::from(group.0)].aliases = aliases(node);
            self.loader.vocabulary.shapes.push(Shape {
                group,
                facts: Vec::new(),
            });
            let below = Above {
                prefix: [path, "[]."].concat(),
                title,
            };
            self.contents(group, of, &below, source, code, node);
        }
        Some(Entry::Fact(id))
    }

    /// Whether silence on a fact means nothing even in a complete dossier: `silence: unknown`.
    fn is_state(&mut self, source: &Arc<Source>, node: &Node, shape: ShapeId) -> bool {
        let Some(silence) = &node.silence else {
            return false;
        };
        let is_known = silence.value == "unknown";
        if !is_known || shape != ShapeId::ROOT {
            self.loader
                .report(
                    place(source, silence),
                    Text::new(
                        "`silence` 的写法不对",
                        "`silence` has an invalid value",
                    ),
                )
                .help
                .push(Text::new(
                    "只能写 `silence: unknown`，且只用于案卷本身的事实：完整案卷未载的，仍视为不明；不写的，视为没有",
                    "only `silence: unknown`, and only for a fact of the record itself: what a complete dossier does not mention stays unknown; else it is none",
                ));
        }
        is_known
    }

    /// Whether a path is already declared, which is reported; only in different files, since the parser rejects
    /// duplicate keys.
    fn is_repeated(&mut self, at: &Span, path: &str) -> bool {
        let Some(first) = self.loader.vocabulary.paths.get(path).copied() else {
            return false;
        };
        let declared = match first {
            Entry::Fact(id) => Some(self.loader.vocabulary.fact(id).declared.clone()),
            Entry::Group(_) => None,
        };
        let diagnostic = self.loader.report(
            at.clone(),
            text!("`{path}` 重复定义", "`{path}` is declared twice"),
        );
        if let Some(span) = declared {
            diagnostic.labels.push(Label {
                span,
                text: Text::new("首次定义在此", "first declared here"),
            });
        }
        true
    }

    fn enter_path(&mut self, path: String, entry: Entry) {
        self.loader.vocabulary.paths.insert(path, entry);
    }

    fn too_many(&mut self, at: Span) {
        if !self.full {
            self.full = true;
            self.loader.report(
                at,
                Text::new("事实超过 65535 个", "there are more than 65535 facts"),
            );
        }
    }

    /// Checks unused shapes, so that their errors are found before their first use.
    fn report_unused(&mut self, raws: &'r [(Arc<Source>, File)]) {
        let mut used: Vec<&str> = Vec::new();
        for (_, raw) in raws {
            let mut pending: Vec<&Node> = raw.facts.0.iter().map(|(_, node)| node).collect();
            pending.extend(
                raw.shapes
                    .0
                    .iter()
                    .flat_map(|(_, shape)| shape.facts.0.iter().map(|(_, node)| node)),
            );
            while let Some(node) = pending.pop() {
                used.extend(node.shape.iter().map(|word| word.value.as_str()));
                pending.extend(
                    node.facts
                        .iter()
                        .flat_map(|facts| facts.0.iter().map(|(_, node)| node)),
                );
            }
        }
        for (source, raw) in raws {
            for (name, _) in &raw.shapes.0 {
                if !used.contains(&name.value.as_str()) {
                    let shape = &name.value;
                    self.loader.report(
                        place(source, name),
                        text!("结构 `{shape}` 没有使用", "the shape `{shape}` is not used"),
                    );
                }
            }
        }
    }
}

/// Estimates the number of facts and groups that nodes declare; for nested shapes it counts only the outer ones.
fn count(nodes: &Entries<Node>, shapes: &Shapes<'_>) -> usize {
    let below = |node: &Node| match (&node.facts, &node.shape) {
        (Some(facts), _) => count(facts, shapes),
        (None, Some(name)) => shapes
            .get(name.value.as_str())
            .map_or(0, |(_, _, facts)| facts.0.len()),
        (None, None) => 0,
    };
    nodes.0.iter().map(|(_, node)| 1 + below(node)).sum()
}

fn aliases(node: &Node) -> Vec<String> {
    node.aliases
        .iter()
        .map(|alias| alias.value.clone())
        .collect()
}

/// The first key of an untyped node that only facts may have.
fn only_of_facts(node: &Node) -> Option<&'static str> {
    [
        ("of", node.of.is_some()),
        ("enum", node.enumeration.is_some()),
        ("form", node.form.is_some()),
        ("unit", node.unit.is_some()),
        ("min", node.min.is_some()),
        ("max", node.max.is_some()),
        ("earliest", node.earliest.is_some()),
        ("latest", node.latest.is_some()),
        ("personal", node.personal),
        ("from", !node.from.is_empty()),
        ("silence", node.silence.is_some()),
    ]
    .into_iter()
    .find_map(|(key, written)| written.then_some(key))
}
