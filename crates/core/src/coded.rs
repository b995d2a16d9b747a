//! Enums whose variants have a code, and most of them a label: what is written in JSON, and what people read.

/// Declares an enum with the code of each variant and, for all or none of them, its label in Chinese and English:
///
/// ```
/// choucha_core::coded! {
///     /// A colour.
///     #[derive(Debug, Clone, Copy, PartialEq, Eq)]
///     pub enum Colour {
///         /// As blood.
///         Red = "red", "红", "red";
///         /// As grass.
///         Green = "green", "绿", "green";
///     }
/// }
///
/// assert_eq!(Colour::ALL, [Colour::Red, Colour::Green]);
/// assert_eq!(Colour::of_code("green"), Some(Colour::Green));
/// assert_eq!(Colour::Red.label().zh, "红");
/// ```
#[macro_export]
macro_rules! coded {
    ($(#[$meta:meta])* $vis:vis enum $name:ident {
        $($(#[$doc:meta])* $variant:ident = $code:literal, $zh:literal, $en:literal;)+
    }) => {
        $crate::coded! {
            $(#[$meta])* $vis enum $name { $($(#[$doc])* $variant = $code;)+ }
        }

        impl $name {
            /// The label shown to people.
            #[must_use]
            $vis fn label(self) -> $crate::lang::Text {
                match self { $($name::$variant => $crate::lang::Text::new($zh, $en),)+ }
            }
        }
    };
    ($(#[$meta:meta])* $vis:vis enum $name:ident {
        $($(#[$doc:meta])* $variant:ident = $code:literal;)+
    }) => {
        $(#[$meta])*
        $vis enum $name { $($(#[$doc])* $variant,)+ }

        impl $name {
            /// Every variant, in the order declared.
            $vis const ALL: [$name; [$($code),+].len()] = [$($name::$variant),+];

            /// The code in files, commands and JSON output.
            #[must_use]
            $vis fn code(self) -> &'static str {
                match self { $($name::$variant => $code,)+ }
            }

            /// The variant with this code.
            #[must_use]
            $vis fn of_code(code: &str) -> Option<$name> {
                $name::ALL.into_iter().find(|variant| variant.code() == code)
            }
        }
    };
}
