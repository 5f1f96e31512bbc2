// SPDX-License-Identifier: GPL-2.0

//! The character device `/dev/lib_poly1305`: one open file is one message.
//!
//! A process opens it, writes the 32 bytes of a key and then the message, in any number of writes
//! of any size, and reads the 16 bytes of the tag. The first read ends the message.
//!
//! | what | error |
//! |---|---|
//! | read before there are 32 bytes of key | `ENOKEY` |
//! | write after the tag was read | `EBADFD` |
//! | memory of the process that cannot be read or written | `EFAULT` |
//! | no memory for an open file | `ENOMEM` |
//!
//! Reading on after the tag gives end of file. Closing wipes everything that depends on the key.

use kernel::fs::{File, Kiocb};
use kernel::iov::{IovIterDest, IovIterSource};
use kernel::miscdevice::{MiscDevice, MiscDeviceOptions, MiscDeviceRegistration};
use kernel::prelude::*;
use kernel::sync::Mutex;
use kernel::{current, new_mutex};

#[path = "../../include/bindings.rs"]
mod bindings;
#[path = "../../include/lib_poly1305.rs"]
pub mod lib_poly1305;
mod message;

use lib_poly1305::TAG_SIZE;
use message::Message;

module! {
    type: Device,
    name: "lib_poly1305_device",
    authors: ["lib_poly1305 authors"],
    description: "Poly1305 message authentication for processes",
    license: "GPL",
    imports_ns: ["LIB_POLY1305"],
}

#[pin_data]
struct Device {
    #[pin]
    registration: MiscDeviceRegistration<OpenFile>,
}

impl kernel::InPlaceModule for Device {
    fn init(_module: &'static ThisModule) -> impl PinInit<Self, Error> {
        // Its mode is the 0600 that a device has which asks for none.
        let options = MiscDeviceOptions {
            name: c"lib_poly1305",
        };
        try_pin_init!(Self {
            registration <- MiscDeviceRegistration::register(options),
        })
    }
}

/// Bytes copied from a process at a time.
const CHUNK: usize = 4096;

/// What an open file owns.
struct State {
    message: Message,
    /// Holds message bytes only while a write is under way.
    chunk: KVec<u8>,
}

/// An open file.
#[pin_data]
struct OpenFile {
    /// Threads that share a file take turns by the call.
    #[pin]
    state: Mutex<State>,
}

#[vtable]
impl MiscDevice for OpenFile {
    type Ptr = Pin<KBox<Self>>;

    fn open(_file: &File, _device: &MiscDeviceRegistration<Self>) -> Result<Self::Ptr> {
        let chunk = KVec::from_elem(0, CHUNK, GFP_KERNEL)?;
        KBox::pin_init(
            pin_init!(Self {
                state <- new_mutex!(State { message: Message::new(), chunk }),
            }),
            GFP_KERNEL,
        )
    }

    fn write_iter(kiocb: Kiocb<'_, Self::Ptr>, iov: &mut IovIterSource<'_>) -> Result<usize> {
        let file = kiocb.file();
        let mut state = file.state.lock();
        let State { message, chunk } = &mut *state;
        let mut written = 0usize;
        let mut result = Ok(());
        while !iov.is_empty() && result.is_ok() {
            let len = iov.copy_from_iter(chunk);
            if len == 0 {
                result = Err(EFAULT);
            } else if let Err(e) = message.write(&chunk[..len]) {
                result = Err(e);
            } else {
                written = written.wrapping_add(len);
                // A write can be gigabytes long; it need not be finished before a signal is heard.
                if current!().signal_pending() {
                    result = Err(EINTR);
                }
            }
        }
        chunk.fill(0);
        // What was taken counts; only a write that took nothing fails.
        match result {
            Err(e) if written == 0 => Err(e),
            _ => Ok(written),
        }
    }

    fn read_iter(mut kiocb: Kiocb<'_, Self::Ptr>, iov: &mut IovIterDest<'_>) -> Result<usize> {
        if iov.is_empty() {
            return Ok(0);
        }
        let tag = kiocb.file().state.lock().message.read()?;
        let read = iov.simple_read_from_buffer(kiocb.ki_pos_mut(), tag.as_bytes())?;
        // Nothing of a tag that is not at its end: the process's memory cannot be written.
        if read == 0 && kiocb.ki_pos() < TAG_SIZE as i64 {
            return Err(EFAULT);
        }
        Ok(read)
    }
}
