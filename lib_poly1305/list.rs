// SPDX-License-Identifier: GPL-2.0

//! Linked lists that neither allocate nor free: the caller allocates a node before it is inserted,
//! and owns it after it is removed. So they can be changed under a spinlock.

use kernel::prelude::*;

/// A node, in a list or not.
pub(crate) struct Node<T> {
    pub(crate) value: T,
    next: Option<KBox<Self>>,
}

impl<T> Node<T> {
    /// Allocates a node. May sleep.
    pub(crate) fn new(value: T) -> Result<KBox<Self>> {
        Ok(KBox::new(Self { value, next: None }, GFP_KERNEL)?)
    }
}

/// A list.
pub(crate) struct List<T> {
    first: Option<KBox<Node<T>>>,
}

impl<T> List<T> {
    pub(crate) const fn new() -> Self {
        Self { first: None }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        let nodes = core::iter::successors(self.first.as_deref(), |node| node.next.as_deref());
        nodes.map(|node| &node.value)
    }

    /// The first `Some` that `f` returns for a value.
    pub(crate) fn find_map<'a, R>(
        &'a mut self,
        mut f: impl FnMut(&'a mut T) -> Option<R>,
    ) -> Option<R> {
        let mut next = self.first.as_deref_mut();
        while let Some(node) = next {
            if let Some(result) = f(&mut node.value) {
                return Some(result);
            }
            next = node.next.as_deref_mut();
        }
        None
    }

    /// Inserts a node before the first value that `comes_after` it, or at the end.
    pub(crate) fn insert(&mut self, mut node: KBox<Node<T>>, comes_after: impl Fn(&T) -> bool) {
        let place = self.place(comes_after);
        node.next = place.take();
        *place = Some(node);
    }

    /// Removes the first node whose value matches.
    pub(crate) fn take(&mut self, is_it: impl Fn(&T) -> bool) -> Option<KBox<Node<T>>> {
        let place = self.place(is_it);
        let mut node = place.take()?;
        *place = node.next.take();
        Some(node)
    }

    /// The link to the first node whose value matches, or the link at the end.
    fn place(&mut self, is_it: impl Fn(&T) -> bool) -> &mut Option<KBox<Node<T>>> {
        let mut place = &mut self.first;
        while place.as_ref().is_some_and(|node| !is_it(&node.value)) {
            match place {
                Some(node) => place = &mut node.next,
                None => break,
            }
        }
        place
    }
}

impl<T> Drop for List<T> {
    fn drop(&mut self) {
        // One by one, as recursion could overflow the stack.
        while self.take(|_| true).is_some() {}
    }
}
