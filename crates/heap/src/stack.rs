//! Native stacks: spilling registers, the bases of stacks, the stacks of parked threads.
//!
//! The collector scans the words between the stack pointer and the base of the running thread, and those that parked
//! threads published. Words are read through inline assembly, since they may be uninitialised or fenced by a sanitizer.

use crate::Heap;

/// Where the scan of a thread's stack ends: everything native that holds values lies below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StackBase(usize);

impl StackBase {
    /// No stack: nothing is scanned and no collection happens.
    pub const NONE: StackBase = StackBase(0);
}

/// Call `f` with the base of the running thread's stack: values may live in `f` and what it calls, not in its callers.
#[inline(never)]
pub fn with_stack_base<R>(f: impl FnOnce(StackBase) -> R) -> R {
    let anchor = [0usize; 2];
    let base = StackBase(std::hint::black_box(&raw const anchor) as usize + size_of_val(&anchor));
    let result = call(f, base);
    std::hint::black_box(&anchor);
    result
}

#[inline(never)]
fn call<R>(f: impl FnOnce(StackBase) -> R, base: StackBase) -> R {
    f(base)
}

/// Bytes of stack that a collection uses, and more.
const CLEARED: usize = 32 << 10;

/// Zero the stack below the caller's frame, so that frames to come do not hold stale references in words they do not write.
#[inline(never)]
pub fn clear_unused_stack() {
    std::hint::black_box(&mut [0usize; CLEARED / size_of::<usize>()]);
}

/// Words of a stack at most `from` to `to`.
pub(crate) type Range = (usize, usize);

/// Run `f` with all values of this thread's registers in memory above the address it gets.
#[inline(always)]
pub(crate) fn spilled<R>(f: impl FnOnce(usize) -> R) -> R {
    struct Call<F, R> {
        f: Option<F>,
        result: Option<R>,
    }
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    extern "sysv64" fn trampoline<F: FnOnce(usize) -> R, R>(call: *mut u8, pointer: usize) {
        run::<F, R>(call, pointer)
    }
    #[cfg(not(all(target_arch = "x86_64", not(miri))))]
    extern "C" fn trampoline<F: FnOnce(usize) -> R, R>(call: *mut u8, pointer: usize) {
        run::<F, R>(call, pointer)
    }
    fn run<F: FnOnce(usize) -> R, R>(call: *mut u8, pointer: usize) {
        // SAFETY: `call` is the `Call` below, which outlives the call of `spill`.
        let call = unsafe { &mut *call.cast::<Call<F, R>>() };
        if let Some(f) = call.f.take() {
            call.result = Some(f(pointer));
        }
    }
    fn start<F: FnOnce(usize) -> R, R>(call: &mut Call<F, R>) {
        // SAFETY: `spill` calls the trampoline once with these arguments.
        unsafe { spill((&raw mut *call).cast(), trampoline::<F, R>) };
    }
    let mut call = Call { f: Some(f), result: None };
    start(&mut call);
    call.result.expect("the closure ran")
}

#[cfg(all(target_arch = "x86_64", not(miri)))]
type Trampoline = extern "sysv64" fn(*mut u8, usize);
#[cfg(not(all(target_arch = "x86_64", not(miri))))]
type Trampoline = extern "C" fn(*mut u8, usize);

/// Push all callee-saved registers, then call `f(data, stack pointer)`.
#[cfg(all(target_arch = "x86_64", not(miri)))]
#[unsafe(naked)]
unsafe extern "sysv64" fn spill(data: *mut u8, f: Trampoline) {
    std::arch::naked_asm!(
        ".cfi_startproc",
        "push rbp",
        ".cfi_adjust_cfa_offset 8",
        "push rbx",
        ".cfi_adjust_cfa_offset 8",
        "push r12",
        ".cfi_adjust_cfa_offset 8",
        "push r13",
        ".cfi_adjust_cfa_offset 8",
        "push r14",
        ".cfi_adjust_cfa_offset 8",
        "push r15",
        ".cfi_adjust_cfa_offset 8",
        "sub rsp, 8",
        ".cfi_adjust_cfa_offset 8",
        "mov rax, rsi",
        "mov rsi, rsp",
        "call rax",
        "mov r15, [rsp + 8]",
        "mov r14, [rsp + 16]",
        "mov r13, [rsp + 24]",
        "mov r12, [rsp + 32]",
        "mov rbx, [rsp + 40]",
        "mov rbp, [rsp + 48]",
        "add rsp, 56",
        ".cfi_adjust_cfa_offset -56",
        "ret",
        ".cfi_endproc",
    )
}

#[cfg(all(target_arch = "aarch64", not(miri)))]
#[unsafe(naked)]
unsafe extern "C" fn spill(data: *mut u8, f: Trampoline) {
    std::arch::naked_asm!(
        ".cfi_startproc",
        "stp x29, x30, [sp, #-160]!",
        ".cfi_def_cfa_offset 160",
        ".cfi_offset x29, -160",
        ".cfi_offset x30, -152",
        "stp x19, x20, [sp, #16]",
        "stp x21, x22, [sp, #32]",
        "stp x23, x24, [sp, #48]",
        "stp x25, x26, [sp, #64]",
        "stp x27, x28, [sp, #80]",
        "stp d8, d9, [sp, #96]",
        "stp d10, d11, [sp, #112]",
        "stp d12, d13, [sp, #128]",
        "stp d14, d15, [sp, #144]",
        "mov x2, x1",
        "mov x1, sp",
        "blr x2",
        "ldp x29, x30, [sp], #160",
        "ret",
        ".cfi_endproc",
    )
}

/// Without stack scanning there is nothing to spill.
#[cfg(miri)]
unsafe fn spill(data: *mut u8, f: Trampoline) {
    f(data, 0)
}

/// A word of a stack.
///
/// # Safety
/// The address is readable and aligned.
#[cfg(not(miri))]
#[inline(always)]
pub(crate) unsafe fn load(address: usize) -> usize {
    let word: usize;
    // SAFETY: the caller promises that the address is readable.
    unsafe {
        #[cfg(target_arch = "x86_64")]
        std::arch::asm!("mov {}, [{}]", out(reg) word, in(reg) address, options(nostack, preserves_flags, readonly));
        #[cfg(target_arch = "aarch64")]
        std::arch::asm!("ldr {}, [{}]", out(reg) word, in(reg) address, options(nostack, preserves_flags, readonly));
    }
    word
}

#[cfg(miri)]
pub(crate) unsafe fn load(address: usize) -> usize {
    // SAFETY: the caller promises that the address is readable.
    unsafe { std::ptr::with_exposed_provenance::<usize>(address).read() }
}

impl Heap {
    /// Run `f` with the stack of this thread known to the collector.
    pub fn enter_thread<R>(&mut self, f: impl FnOnce(&mut Heap) -> R) -> R {
        with_stack_base(|base| {
            let outer = self.set_stack_base(base);
            let result = f(self);
            self.set_stack_base(outer);
            result
        })
    }

    /// Say where the stack of the running thread ends, as a new thread takes the heap over; returns what was said before.
    pub fn set_stack_base(&mut self, base: StackBase) -> StackBase {
        std::mem::replace(&mut self.stack_base, base)
    }

    /// Call `wait`, which may let other threads use this heap and returns when this thread owns it again. Meanwhile the
    /// stack of this thread counts as parked.
    ///
    /// # Safety
    /// The heap must not be used through `self` by `wait` itself, and this thread must own it again when `wait` returns.
    pub unsafe fn parked<R>(heap: *mut Heap, wait: impl FnOnce() -> R) -> R {
        spilled(|pointer| {
            // SAFETY: the caller owns the heap; the reference ends before `wait`.
            let base = unsafe {
                let base = (*heap).stack_base;
                (*heap).parked.push((pointer, base.0));
                (*heap).stack_base = StackBase::NONE;
                base
            };
            let result = wait();
            // SAFETY: the caller promises that this thread owns the heap again.
            unsafe {
                (*heap).parked.retain(|range| range.1 != base.0);
                (*heap).stack_base = base;
            }
            result
        })
    }

    /// Forget the stacks of parked threads: in the child of a fork, where those threads do not exist.
    pub fn forget_parked(&mut self) {
        self.parked.clear();
    }

    /// The stacks to scan, when the running thread's stack pointer is `pointer`.
    pub(crate) fn stack_ranges(&self, pointer: usize) -> Vec<Range> {
        if cfg!(miri) {
            return Vec::new();
        }
        let mut ranges = self.parked.clone();
        if self.stack_base != StackBase::NONE {
            ranges.push((pointer, self.stack_base.0));
        }
        ranges
    }
}
