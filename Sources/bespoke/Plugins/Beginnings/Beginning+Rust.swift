extension Beginning {
  /// A crate without dependencies: the ABI in Rust's words, and the plugin with its tests.
  var rustFiles: [File] {
    [
      File(path: ".gitignore", text: "target/\n"),
      File(
        path: "Cargo.toml",
        text: """
          [package]
          name = "\(name)"
          version = "1.0.0"
          edition = "2021"
          publish = false

          [lib]
          name = "\(typeName)"
          crate-type = ["cdylib"]

          [lints.rust]
          non_snake_case = "allow"

          [profile.release]
          strip = true

          """),
      File(path: "src/abi.rs", text: Self.rustABI),
      File(path: "src/lib.rs", text: rustSource),
    ]
  }

  /// What to do first with the crate.
  var rustSteps: [String] {
    ["cargo test", "cargo build --release", "bespoke plugins validate target/release/lib\(typeName).so"]
  }

  private var rustSource: String {
    #"""
    //! Greets the recipient. No panic leaves: there is a barrier at each entry.
    mod abi;

    use abi::*;
    use std::ffi::{c_char, c_void};
    use std::panic::{catch_unwind, AssertUnwindSafe};

    struct Instance {
        host: *const Host,
        greeting: String,
    }

    fn greeting(words: &str, name: &str) -> String {
        format!("{words}, {name}!")
    }

    fn barrier(body: impl FnOnce() -> Status) -> Status {
        catch_unwind(AssertUnwindSafe(body)).unwrap_or(INTERNAL)
    }

    extern "C" fn create(_ctx: *mut c_void, with: *const Create, made: *mut *mut c_void) -> Status {
        barrier(|| unsafe {
            // The host lends `with` until this function returns, and `host` until destroy does.
            let with = &*with;
            let access = &*(*with.host).access;
            let option = (access.get)(with.config, Str::new("greeting"));
            let greeting = access.text(option).unwrap_or_else(|| "Hello".to_string());
            *made = Box::into_raw(Box::new(Instance { host: with.host, greeting })).cast();
            OK
        })
    }

    extern "C" fn destroy(instance: *mut c_void) {
        // Made by `create`; the host gives it back once.
        drop(unsafe { Box::from_raw(instance.cast::<Instance>()) });
    }

    fn greet(instance: &Instance, brief: Value, out: *mut Out) -> Status {
        // The tables live as long as the instance.
        let (access, sink) = unsafe { (&*(*instance.host).access, &*(*instance.host).sink) };
        let name = (access.get)((access.get)(brief, Str::new("profile")), Str::new("first_name"));
        match access.text(name) {
            Some(name) => {
                (sink.write)(out, Str::new(""), Str::new(&greeting(&instance.greeting, &name)));
                OK
            }
            None => {
                (sink.fail)(out, INPUT, Str::new("profile.first_name"), Str::new("is missing or not a string"));
                INPUT
            }
        }
    }

    extern "C" fn process(
        instance: *mut c_void, requests: *const Request, outs: *const *mut Out, statuses: *mut Status, n: u32,
    ) -> Status {
        // The three arrays have n elements; an instance is used by one thread at a time.
        let instance = unsafe { &*instance.cast::<Instance>() };
        for index in 0..n as usize {
            unsafe {
                let (brief, out) = ((*requests.add(index)).brief, *outs.add(index));
                *statuses.add(index) = barrier(|| greet(instance, brief, out));
            }
        }
        OK
    }

    extern "C" fn extension(_ctx: *mut c_void, _id: *const c_char) -> *const c_void {
        std::ptr::null()
    }

    static PLUGIN: Plugin = Plugin {
        abi_minor: 0,
        reserved: 0,
        ctx: std::ptr::null_mut(),
        id: c"com.example.\#(name)".as_ptr(),
        version: c"1.0.0".as_ptr(),
        describe: concat!(
            r#"{"summary":"Greets the recipient.","config":{"type":"object","additionalProperties":false,"#,
            r#""properties":{"greeting":{"type":"string","minLength":1}}},"reads":["profile.first_name"],"#,
            r#""writes":[{"kind":"text"}]}"#,
            "\0"
        )
        .as_ptr()
        .cast(),
        create,
        destroy,
        process,
        extension,
    };

    /// The one symbol that the plugin exports.
    #[no_mangle]
    pub extern "C" fn bespoke_plugin_main_v1(host: *const Host) -> *const Plugin {
        if host.is_null() { std::ptr::null() } else { &PLUGIN }
    }

    #[cfg(test)]
    mod tests {
        #[test]
        fn greets_by_name() {
            assert_eq!(super::greeting("Hi", "Ada"), "Hi, Ada!");
        }

        #[test]
        fn describes_itself_with_its_id() {
            let plugin = unsafe { &*super::bespoke_plugin_main_v1(std::ptr::NonNull::dangling().as_ptr()) };
            assert_eq!(unsafe { std::ffi::CStr::from_ptr(plugin.id) }, c"com.example.\#(name)");
            assert!(super::bespoke_plugin_main_v1(std::ptr::null()).is_null());
        }
    }

    """#
  }

  private static let rustABI = #"""
    //! bespoke/plugin.h in Rust's words. Layouts are frozen, so they are written once.
    #![allow(dead_code)]
    use std::ffi::{c_char, c_void};

    pub type Status = i32;
    pub const OK: Status = 0;
    pub const SKIP: Status = 1;
    pub const CONFIG: Status = 2;
    pub const INPUT: Status = 3;
    pub const REFUSED: Status = 4;
    pub const UNAVAILABLE: Status = 5;
    pub const CANCELLED: Status = 6;
    pub const DEADLINE: Status = 7;
    pub const RESOURCE: Status = 8;
    pub const UNSUPPORTED: Status = 9;
    pub const INTERNAL: Status = 10;
    pub const TYPE_STRING: i32 = 5;

    pub enum Doc {}
    pub enum Out {}

    #[repr(C)]
    #[derive(Clone, Copy)]
    pub struct Str {
        pub ptr: *const c_char,
        pub len: usize,
    }

    #[repr(C)]
    #[derive(Clone, Copy)]
    pub struct Value {
        pub doc: *const Doc,
        pub node: u32,
        pub reserved: u32,
    }

    #[repr(C)]
    pub struct Access {
        pub kind: extern "C" fn(Value) -> i32,
        pub get: extern "C" fn(Value, Str) -> Value,
        pub at: extern "C" fn(Value, u32) -> Value,
        pub count: extern "C" fn(Value) -> u32,
        pub key_at: extern "C" fn(Value, u32) -> Str,
        pub str: extern "C" fn(Value) -> Str,
        pub i64: extern "C" fn(Value, i64) -> i64,
        pub f64: extern "C" fn(Value, f64) -> f64,
    }

    #[repr(C)]
    pub struct Sink {
        pub write: extern "C" fn(*mut Out, Str, Str) -> Status,
        pub append: extern "C" fn(*mut Out, Str, Str) -> Status,
        pub bytes: extern "C" fn(*mut Out, Str, Str, *const u8, usize) -> Status,
        pub open: extern "C" fn(*mut Out, Str, Str) -> Status,
        pub object: extern "C" fn(*mut Out) -> Status,
        pub array: extern "C" fn(*mut Out) -> Status,
        pub key: extern "C" fn(*mut Out, Str) -> Status,
        pub end: extern "C" fn(*mut Out) -> Status,
        pub str: extern "C" fn(*mut Out, Str) -> Status,
        pub i64: extern "C" fn(*mut Out, i64) -> Status,
        pub f64: extern "C" fn(*mut Out, f64) -> Status,
        pub boolean: extern "C" fn(*mut Out, i32) -> Status,
        pub null: extern "C" fn(*mut Out) -> Status,
        pub value: extern "C" fn(*mut Out, Value) -> Status,
        pub note: extern "C" fn(*mut Out, Str, Str, Str) -> Status,
        pub fail: extern "C" fn(*mut Out, Status, Str, Str),
        pub cancelled: extern "C" fn(*mut Out) -> i32,
    }

    #[repr(C)]
    pub struct Host {
        pub abi_minor: u32,
        pub reserved: u32,
        pub ctx: *mut c_void,
        pub name: Str,
        pub version: Str,
        pub access: *const Access,
        pub sink: *const Sink,
        pub log: extern "C" fn(*mut c_void, i32, Str),
        pub extension: extern "C" fn(*mut c_void, *const c_char) -> *const c_void,
    }

    #[repr(C)]
    pub struct Create {
        pub host: *const Host,
        pub config: Value,
        pub stage: Str,
        pub slot: Str,
        pub threads: u32,
        pub reserved: u32,
        pub memory_limit_bytes: u64,
        pub errors: *mut Out,
    }

    #[repr(C)]
    pub struct Request {
        pub brief: Value,
        pub seed: u64,
        pub deadline_ns: u64,
    }

    #[repr(C)]
    pub struct Plugin {
        pub abi_minor: u32,
        pub reserved: u32,
        pub ctx: *mut c_void,
        pub id: *const c_char,
        pub version: *const c_char,
        pub describe: *const c_char,
        pub create: extern "C" fn(*mut c_void, *const Create, *mut *mut c_void) -> Status,
        pub destroy: extern "C" fn(*mut c_void),
        pub process: extern "C" fn(*mut c_void, *const Request, *const *mut Out, *mut Status, u32) -> Status,
        pub extension: extern "C" fn(*mut c_void, *const c_char) -> *const c_void,
    }

    // Immutable, and what its pointers point at lives as long as the process.
    unsafe impl Sync for Plugin {}

    const _: () = {
        assert!(std::mem::size_of::<Access>() == 64);
        assert!(std::mem::size_of::<Sink>() == 136);
        assert!(std::mem::size_of::<Host>() == 80);
        assert!(std::mem::size_of::<Create>() == 80);
        assert!(std::mem::size_of::<Request>() == 32);
        assert!(std::mem::size_of::<Plugin>() == 72);
    };

    impl Str {
        /// Lends a text; the host copies what it is given before the call returns.
        pub fn new(text: &str) -> Str {
            Str { ptr: text.as_ptr().cast(), len: text.len() }
        }
    }

    impl Access {
        /// A copy of a string, or None for every other type.
        pub fn text(&self, value: Value) -> Option<String> {
            if (self.kind)(value) != TYPE_STRING {
                return None;
            }
            let text = (self.str)(value);
            if text.len == 0 {
                return Some(String::new());
            }
            // The host lends `len` bytes for as long as the call.
            let bytes = unsafe { std::slice::from_raw_parts(text.ptr.cast::<u8>(), text.len) };
            Some(String::from_utf8_lossy(bytes).into_owned())
        }
    }

    """#
}
