//! The macro that declares one topic of the host.
//!
//! From one list of method signatures it derives the trait, whose default methods deny, the recording
//! host's implementation, which notes the call and forwards it, and the overlay's, which forwards all but a few.

macro_rules! topic {
    ($(#[$doc:meta])* pub trait $topic:ident {
        $($(#[$method_doc:meta])* fn $method:ident(&self $(, $arg:ident: $type:ty)* $(,)?) -> Result<$out:ty>;)*
    }) => {
        $(#[$doc])*
        pub trait $topic: Send + Sync {
            $(
                $(#[$method_doc])*
                fn $method(&self $(, $arg: $type)*) -> $crate::error::Result<$out> {
                    let _ = ($($arg,)*);
                    Err($crate::error::HostError::denied())
                }
            )*
        }

        impl $topic for $crate::recording::RecordingHost {
            $(
                fn $method(&self $(, $arg: $type)*) -> $crate::error::Result<$out> {
                    let arguments: Vec<String> = vec![$($crate::recording::Recorded::show(&$arg)),*];
                    let outcome = self.inner().$method($($arg),*);
                    self.note(stringify!($method), arguments, outcome.as_ref().err().copied());
                    outcome
                }
            )*
        }

        impl $topic for $crate::overlay::OverlayHost {
            $(
                fn $method(&self $(, $arg: $type)*) -> $crate::error::Result<$out> {
                    let host = self;
                    $crate::overlay::overlaid!(host $method $($arg)*)
                }
            )*
        }
    };
}
