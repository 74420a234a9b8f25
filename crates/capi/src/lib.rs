//! The C interface of [`lampyris_device`].
#![no_std]
