// SPDX-License-Identifier: GPL-2.0

//! The character device `/dev/lib_poly1305`. An open file is one message.
//!
//! A process opens it, writes the 32 bytes of a key and then the message, in any number of writes
//! of any size, and reads the 16 bytes of the tag. The first read ends the message.
//!
//! | what | error |
//! |---|---|
//! | read before there are 32 bytes of key | `ENOKEY` |
//! | write after the tag was read | `EBADFD` |
//! | user memory that cannot be read or written | `EFAULT` |
//! | no memory for an open file | `ENOMEM` |
//! | `lseek`, `pread` and `pwrite`: a message has no positions | `ESPIPE` |
//!
//! Reads after the tag return end of file. A signal ends a write early, which returns the number of
//! bytes that were written. Threads may share a file: the bytes of a write stay together, and each
//! byte of the tag is read once. Closing the file wipes everything that depends on the key.

use core::ptr;

use kernel::error::to_result;
use kernel::fs::{File, Kiocb};
use kernel::iov::{IovIterDest, IovIterSource};
use kernel::miscdevice::{MiscDevice, MiscDeviceOptions, MiscDeviceRegistration};
use kernel::prelude::*;
use kernel::sync::Mutex;
use kernel::{bindings as c, current, new_mutex};

#[path = "../../include/bindings.rs"]
mod bindings;
#[path = "../../include/lib_poly1305.rs"]
pub mod lib_poly1305;
mod message;
#[cfg(CONFIG_MODULE_UNLOAD)]
mod owner;

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
        #[cfg(CONFIG_MODULE_UNLOAD)]
        owner::set(_module);
        // The default mode is 0600.
        let options = MiscDeviceOptions {
            name: c"lib_poly1305",
        };
        try_pin_init!(Self {
            registration <- MiscDeviceRegistration::register(options),
        })
    }
}

/// Bytes that are copied from user memory at a time.
const CHUNK: usize = 4096;

/// An open file.
#[pin_data]
struct OpenFile {
    /// Serializes the calls of threads that share the file.
    #[pin]
    message: Mutex<Message>,
}

#[vtable]
impl MiscDevice for OpenFile {
    type Ptr = Pin<KBox<Self>>;

    fn open(file: &File, _device: &MiscDeviceRegistration<Self>) -> Result<Self::Ptr> {
        #[cfg(CONFIG_MODULE_UNLOAD)]
        owner::own(file)?;
        // SAFETY: The file is being opened, so nothing else accesses its mode yet. The function
        // does not use the inode.
        to_result(unsafe { c::stream_open(ptr::null_mut(), file.as_ptr()) })?;
        let chunk = KVec::from_elem(0, CHUNK, GFP_KERNEL)?;
        KBox::pin_init(
            pin_init!(Self { message <- new_mutex!(Message::new(chunk)) }),
            GFP_KERNEL,
        )
    }

    fn write_iter(kiocb: Kiocb<'_, Self::Ptr>, iov: &mut IovIterSource<'_>) -> Result<usize> {
        // A write can have gigabytes, and should not delay signals.
        let signal_pending = || current!().signal_pending();
        kiocb.file().message.lock().write(iov, signal_pending)
    }

    fn read_iter(kiocb: Kiocb<'_, Self::Ptr>, iov: &mut IovIterDest<'_>) -> Result<usize> {
        kiocb.file().message.lock().read(iov)
    }
}
