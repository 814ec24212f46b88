//! The part of bespoke/plugin.h that this plugin uses, in Rust's words. Layouts are frozen, so they are copied once.
#![allow(dead_code)]
use std::ffi::{c_char, c_void};

pub type Status = i32;
pub const OK: Status = 0;
pub const INPUT: Status = 3;
pub const UNSUPPORTED: Status = 9;
pub const INTERNAL: Status = 10;
pub const TYPE_STRING: i32 = 5;
pub const RESOURCES: &std::ffi::CStr = c"bespoke.resources/1";

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
pub struct Resource {
    pub bytes: *const u8,
    pub length: usize,
    pub fd: i32,
    pub reserved: u32,
    pub sha256: [u8; 32],
}

#[repr(C)]
pub struct Resources {
    pub open: extern "C" fn(*mut c_void, Str, Str, *mut Resource) -> Status,
    pub name_at: extern "C" fn(*mut c_void, Str, u32) -> Str,
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
    assert!(std::mem::size_of::<Resource>() == 56);
    assert!(std::mem::size_of::<Plugin>() == 72);
};

impl Str {
    pub fn new(text: &str) -> Str {
        Str { ptr: text.as_ptr().cast(), len: text.len() }
    }
}
