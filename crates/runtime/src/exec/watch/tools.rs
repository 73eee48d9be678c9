//! `sys.monitoring`: what tools ask for, and calling them.

use super::state::{Event, TOOLS, Watch};
use crate::object::Tuple;
use crate::types::Code;
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Value};

impl Py {
    /// `sys.monitoring.DISABLE` and `MISSING`.
    pub fn monitoring_sentinels(&mut self) -> Result<[Value; 2]> {
        if let Some(sentinels) = self.monitoring.sentinels {
            return Ok([sentinels.get(self).items()[0], sentinels.get(self).items()[1]]);
        }
        let object: Value = self.types.object.into();
        let (disable, missing) = (self.call(object, &[])?, self.call(object, &[])?);
        let sentinels: Gc<Tuple> = self.new_tuple(&[disable, missing]);
        self.monitoring.sentinels = Some(sentinels);
        Ok([disable, missing])
    }

    fn checked_tool(&mut self, tool: i32) -> Result<usize> {
        match usize::try_from(tool) {
            Ok(number) if number < TOOLS => Ok(number),
            _ => raise!(self, ValueError, "invalid tool {tool} (must be between 0 and 5)"),
        }
    }

    fn tool_in_use(&mut self, tool: i32) -> Result<usize> {
        let number = self.checked_tool(tool)?;
        if self.monitoring.tools[number].is_none() {
            raise!(self, ValueError, "tool {tool} is not in use");
        }
        Ok(number)
    }

    /// `sys.monitoring.use_tool_id`
    pub fn use_tool(&mut self, tool: i32, name: Value) -> Result<()> {
        let number = self.checked_tool(tool)?;
        if !self.is_str(name) {
            raise!(self, ValueError, "tool name must be a str");
        }
        if self.monitoring.tools[number].is_some() {
            raise!(self, ValueError, "tool {tool} is already in use");
        }
        self.monitoring.tools[number] = Some(name);
        Ok(())
    }

    /// `sys.monitoring.clear_tool_id`
    pub fn clear_tool(&mut self, tool: i32) -> Result<()> {
        let number = self.checked_tool(tool)?;
        if self.monitoring.tools[number].is_none() {
            return Ok(());
        }
        self.monitoring.callbacks[number] = [None; Event::COUNT];
        self.monitoring.events[number] = 0;
        for index in 0..self.translated.len() {
            let code = self.translated[index];
            if let Some(watch) = &mut code.get_mut(self).watch {
                watch.events[number] = 0;
                watch.disabled.retain(|(_, other, _)| *other != number as u8);
            }
        }
        self.refresh_watching()
    }

    /// `sys.monitoring.free_tool_id`
    pub fn free_tool(&mut self, tool: i32) -> Result<()> {
        self.clear_tool(tool)?;
        self.monitoring.tools[tool as usize] = None;
        Ok(())
    }

    /// `sys.monitoring.get_tool`
    pub fn tool_name(&mut self, tool: i32) -> Result<Option<Value>> {
        let number = self.checked_tool(tool)?;
        Ok(self.monitoring.tools[number])
    }

    /// `sys.monitoring.register_callback`
    pub fn register_callback(&mut self, tool: i32, event: u32, callback: Value) -> Result<Option<Value>> {
        let number = self.checked_tool(tool)?;
        if event.count_ones() != 1 {
            raise!(self, ValueError, "The callback can only be set for one event at a time");
        }
        if event > Event::BRANCH {
            raise!(self, ValueError, "invalid event {event}");
        }
        let bits = if event == Event::BRANCH { Event::BranchLeft.bit() | Event::BranchRight.bit() } else { event };
        let callback = Some(callback).filter(|callback| !callback.is_none());
        let mut former = None;
        for index in (0..Event::COUNT).filter(|index| bits & 1 << index != 0) {
            former = std::mem::replace(&mut self.monitoring.callbacks[number][index], callback);
        }
        Ok(former)
    }

    /// A set of events, checked, with C_RETURN and C_RAISE taken as parts of CALL.
    fn checked_events(&mut self, events: i64, allowed: u32, kind: &str) -> Result<u32> {
        let mut set = events as u32;
        if set & Event::BRANCH != 0 {
            set = set & !Event::BRANCH | Event::BranchLeft.bit() | Event::BranchRight.bit();
        }
        if !(0..1 << 19).contains(&events) {
            raise!(self, ValueError, "invalid {kind} 0x{:x}", events as u32);
        }
        let results = Event::CReturn.bit() | Event::CRaise.bit();
        if set & results != 0 {
            if set & Event::Call.bit() == 0 {
                raise!(self, ValueError, "cannot set C_RETURN or C_RAISE events independently");
            }
            set &= !results;
        }
        if set & !allowed != 0 {
            raise!(self, ValueError, "invalid {kind} 0x{set:x}");
        }
        Ok(set)
    }

    /// `sys.monitoring.set_events`
    pub fn set_tool_events(&mut self, tool: i32, events: i64) -> Result<()> {
        self.checked_tool(tool)?;
        let set = self.checked_events(events, Event::CRaise.bit() * 2 - 1, "event set")?;
        let number = self.tool_in_use(tool)?;
        self.monitoring.events[number] = set;
        self.refresh_watching()
    }

    /// `sys.monitoring.get_events`
    pub fn tool_events(&mut self, tool: i32) -> Result<u32> {
        let number = self.checked_tool(tool)?;
        Ok(self.monitoring.events[number])
    }

    fn code_operand(&mut self, code: Value) -> Result<Gc<Code>> {
        match Gc::<Code>::cast(self, code) {
            Some(code) => Ok(code),
            None => raise!(self, TypeError, "code must be a code object"),
        }
    }

    /// `sys.monitoring.set_local_events`
    pub fn set_local_events(&mut self, tool: i32, code: Value, events: i64) -> Result<()> {
        let code = self.code_operand(code)?;
        self.checked_tool(tool)?;
        let set = self.checked_events(events, Event::LOCAL, "local event set")?;
        let number = self.tool_in_use(tool)?;
        let restarts = self.monitoring.restarts;
        self.monitoring.used = true;
        let watch = code.get_mut(self).watch.get_or_insert_with(|| Box::new(Watch { restarts, ..Watch::default() }));
        watch.events[number] = set;
        self.redirect_all(code)
    }

    /// `sys.monitoring.get_local_events`
    pub fn local_events(&mut self, tool: i32, code: Value) -> Result<u32> {
        let code = self.code_operand(code)?;
        let number = self.checked_tool(tool)?;
        Ok(code.get(self).watch.as_ref().map_or(0, |watch| watch.events[number]))
    }

    /// `sys.monitoring.restart_events`
    pub fn restart_events(&mut self) {
        self.monitoring.restarts = self.monitoring.restarts.wrapping_add(1);
    }

    /// `sys.monitoring._all_events`: the tools that watch each event everywhere.
    pub fn all_tool_events(&self) -> Vec<(&'static str, u32)> {
        let tools = |bit: u32| (0..TOOLS).filter(|tool| self.monitoring.events[*tool] & bit != 0).fold(0, |set, tool| set | 1 << tool);
        Event::NAMES[..Event::COUNT].iter().map(|(name, bit)| (*name, tools(*bit))).filter(|(_, tools)| *tools != 0).collect()
    }

    /// The events that any tool watches in a code object.
    pub(super) fn watched_events(&self, code: Gc<Code>) -> u32 {
        let local = code.get(self).watch.as_ref().map_or(0, |watch| watch.events.iter().fold(0, |all, events| all | events));
        self.monitoring.events.iter().fold(local, |all, events| all | events)
    }

    /// Call every tool that watches an event. `args` come behind the code object.
    pub(super) fn fire(&mut self, code: Gc<Code>, event: Event, offset: u32, args: &[Value]) -> Result<()> {
        self.fire_for(code, code.into(), event, offset, args)
    }

    /// Call every tool that watches an event, with `shown` for the code object. `args` come behind it.
    pub fn fire_for(&mut self, code: Gc<Code>, shown: Value, event: Event, offset: u32, args: &[Value]) -> Result<()> {
        // C_RETURN and C_RAISE come with CALL.
        let bit = match event {
            Event::CReturn | Event::CRaise => Event::Call.bit(),
            event => event.bit(),
        };
        if self.watched_events(code) & bit == 0 {
            return Ok(());
        }
        let mut values = arrayvec::ArrayVec::<Value, 5>::new();
        values.push(shown);
        values.extend(args.iter().copied());
        for tool in 0..TOOLS {
            let place = (offset, tool as u8, event as u8);
            let local = code.get(self).watch.as_ref().map_or(0, |watch| watch.events[tool]);
            if (self.monitoring.events[tool] | local) & bit == 0 || self.is_disabled(code, place) {
                continue;
            }
            let Some(callback) = self.monitoring.callbacks[tool][event as usize] else { continue };
            let answer = self.unwatched(callback, event, &values)?;
            if self.monitoring.sentinels.is_none_or(|sentinels| sentinels.get(self).items()[0] != answer) {
                continue;
            }
            if event.bit() & Event::LOCAL == 0 && bit != Event::Call.bit() {
                self.monitoring.callbacks[tool][event as usize] = None;
                raise!(self, ValueError, "Cannot disable {} events. Callback removed.", Event::name(event as usize));
            }
            let restarts = self.monitoring.restarts;
            self.monitoring.used = true;
            let watch = code.get_mut(self).watch.get_or_insert_with(|| Box::new(Watch { restarts, ..Watch::default() }));
            if watch.restarts != restarts {
                watch.disabled.clear();
                watch.restarts = restarts;
            }
            watch.disabled.insert(place);
        }
        Ok(())
    }

    fn is_disabled(&self, code: Gc<Code>, place: (u32, u8, u8)) -> bool {
        let watch = code.get(self).watch.as_ref();
        watch.is_some_and(|watch| watch.restarts == self.monitoring.restarts && watch.disabled.contains(&place))
    }
}
