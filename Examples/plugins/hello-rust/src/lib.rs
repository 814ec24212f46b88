//! Greets the recipient. No crates: the ABI in `abi.rs`, and a barrier at each entry so that no panic leaves.
mod abi;

use abi::*;
use std::ffi::{c_char, c_void};
use std::panic::{catch_unwind, AssertUnwindSafe};

struct Hello {
    host: *const Host,
    /// Of the host, until destroy returns.
    greeting: Str,
}

fn barrier(body: impl FnOnce() -> Status) -> Status {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or(INTERNAL)
}

extern "C" fn create(_ctx: *mut c_void, with: *const Create, instance: *mut *mut c_void) -> Status {
    barrier(|| unsafe {
        // The host lends what `with` points at until this function returns, and `host` until destroy does.
        let (with, host) = (&*with, &*(*with).host);
        let (access, sink) = (&*host.access, &*host.sink);
        let mut greeting = Str::new("Hello");
        let option = (access.get)(with.config, Str::new("greeting"));
        if (access.kind)(option) == TYPE_STRING {
            let table = (host.extension)(host.ctx, RESOURCES.as_ptr()).cast::<Resources>();
            let mut file = std::mem::zeroed::<Resource>();
            let status = match table.as_ref() {
                Some(table) => (table.open)(host.ctx, Str::new("template"), (access.str)(option), &mut file),
                None => UNSUPPORTED,
            };
            if status != OK {
                (sink.fail)(with.errors, status, Str::new("greeting"), Str::new("there is no such template"));
                return status;
            }
            greeting = Str { ptr: file.bytes.cast(), len: file.length };
        }
        *instance = Box::into_raw(Box::new(Hello { host, greeting })).cast();
        OK
    })
}

extern "C" fn destroy(instance: *mut c_void) {
    // Made by `create`; the host gives it back once.
    drop(unsafe { Box::from_raw(instance.cast::<Hello>()) });
}

fn greet(hello: &Hello, brief: Value, out: *mut Out) -> Status {
    // The tables live as long as the instance.
    let (access, sink) = unsafe { (&*(*hello.host).access, &*(*hello.host).sink) };
    let value = (access.get)((access.get)(brief, Str::new("profile")), Str::new("first_name"));
    if (access.kind)(value) != TYPE_STRING {
        (sink.fail)(out, INPUT, Str::new("profile.first_name"), Str::new("is missing or not a string"));
        return INPUT;
    }
    let (own, name) = (Str::new(""), (access.str)(value));
    (sink.write)(out, own, hello.greeting);
    (sink.append)(out, own, Str::new(", "));
    (sink.append)(out, own, name);
    (sink.append)(out, own, Str::new("!"));
    (sink.open)(out, Str::new("facts"), Str::new("json"));
    (sink.object)(out);
    (sink.key)(out, Str::new("bytes"));
    (sink.i64)(out, name.len as i64);
    (sink.end)(out);
    OK
}

extern "C" fn process(
    instance: *mut c_void, requests: *const Request, outs: *const *mut Out, statuses: *mut Status, n: u32,
) -> Status {
    // The three arrays have n elements; an instance is used by one thread at a time.
    let hello = unsafe { &*instance.cast::<Hello>() };
    for index in 0..n as usize {
        unsafe {
            let (brief, out) = ((*requests.add(index)).brief, *outs.add(index));
            *statuses.add(index) = barrier(|| greet(hello, brief, out));
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
    id: c"com.example.hello-rust".as_ptr(),
    version: c"1.0.0".as_ptr(),
    describe: concat!(
        r#"{"summary":"Greets the recipient.","config":{"type":"object","additionalProperties":false,"#,
        r#""properties":{"greeting":{"type":"string"}}},"reads":["profile.first_name"],"#,
        r#""writes":[{"kind":"text"},{"name":"facts","kind":"json"}]}"#,
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
