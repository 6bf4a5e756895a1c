import Hashing

/// The jobs whose shares a loop can still judge, found by id.
///
/// Bounded: a job leaves some time after a newer one of its group came, earlier when its group has too many or all groups together have.
struct JobTable: ~Copyable {
    /// Past jobs of one group, at most.
    private let pastLimit: Int
    /// How long a past job is kept, milliseconds.
    private let retention: Int64

    private let slots: FixedArray<JobSlot>
    private var free: [Int32]
    private var used: Int32 = 0
    private(set) var count = 0
    /// Slots by job id: open addressing, one more than the slot's index, 0 for free.
    private let index: FixedArray<Int32>
    private let indexMask: Int
    private let ids: FixedArray<UInt64>
    /// Each group's past jobs, oldest first.
    private var past: [UInt32: [Int32]] = [:]

    private var nextSequence: UInt64 = 1
    /// The newest job seen: older ones of the same run were known once.
    private var newest: JobID?

    init(capacity: Int, pastLimit: Int, retention: Int64) {
        self.pastLimit = pastLimit
        self.retention = retention
        slots = FixedArray(capacity: capacity)
        ids = FixedArray(repeating: 0, count: capacity)
        free = []
        var places = 4
        while places < 2 * capacity { places *= 2 }
        index = FixedArray(repeating: 0, count: places)
        indexMask = places - 1
    }

    deinit {
        for place in 0...indexMask where index[place] != 0 { _ = slots.move(Int(index[place]) - 1) }
    }

    /// The slot must hold a job. Mutating calls go by the address: the thread sanitizer's build cannot compile them through this.
    subscript(slot: Int) -> JobSlot {
        @inline(__always) unsafeAddress { slots.address(slot) }
        @inline(__always) nonmutating unsafeMutableAddress { slots.mutableAddress(slot) }
    }

    /// Notes a header as credited for its job, unless it was.
    func credit(_ hash: Hash256, to slot: Int) -> DuplicateTable.Insertion { slots[slot].duplicates.insert(hash) }

    /// The slot of a job that is still known.
    func slot(of id: UInt64) -> Int? {
        var place = Self.hash(id) & indexMask
        while index[place] != 0 {
            let slot = Int(index[place]) - 1
            if ids[slot] == id { return slot }
            place = (place + 1) & indexMask
        }
        return nil
    }

    /// Whether an id that is not known any more was a job's once: its shares are stale rather than of an unknown job.
    func wasKnown(_ id: UInt64) -> Bool {
        let id = JobID(value: id)
        guard let newest else { return false }
        return id.run == newest.run && id.serial <= newest.serial
    }

    /// Takes a job in; nil when its id is known already or there is no room.
    mutating func insert(_ job: Job, at now: Int64) -> Int? {
        guard slot(of: job.id.value) == nil else { return nil }
        if count >= slots.capacity { retireOldest() }
        guard let slot = takeSlot() else { return nil }
        slots.initialize(slot, to: JobSlot(job, sequence: nextSequence, at: now))
        nextSequence += 1
        enter(slot)
        return slot
    }

    /// Makes the job in a slot findable.
    private mutating func enter(_ slot: Int) {
        let job = slots[slot].job
        ids[slot] = job.id.value
        count += 1
        var place = Self.hash(job.id.value) & indexMask
        while index[place] != 0 { place = (place + 1) & indexMask }
        index[place] = Int32(slot) + 1
        if let newest, newest.run == job.id.run, newest.serial > job.id.serial { return }
        newest = job.id
    }

    /// A newer job of its group has come, or its group has ended.
    mutating func supersede(_ slot: Int, at now: Int64) {
        guard self[slot].supersededAt == nil else { return }
        self[slot].supersededAt = now
        let group = self[slot].job.group
        past[group, default: []].append(Int32(slot))
        if let jobs = past[group], jobs.count > pastLimit { retireOldest(of: group) }
    }

    /// Drops past jobs that are too old, and then the oldest while the duplicate tables take more than `memory` bytes.
    mutating func retire(at now: Int64, memory: Int) {
        for group in Array(past.keys) {
            while let oldest = past[group]?.first, let since = self[Int(oldest)].supersededAt, now - since >= retention {
                retireOldest(of: group)
            }
        }
        while duplicateSize > memory, retireOldest() {}
    }

    /// Bytes in all duplicate tables.
    var duplicateSize: Int {
        var size = 0
        for place in 0...indexMask where index[place] != 0 { size += self[Int(index[place]) - 1].duplicates.size }
        return size
    }

    /// Drops the past job that was superseded first; false when there is none.
    @discardableResult
    private mutating func retireOldest() -> Bool {
        var oldest: (group: UInt32, since: Int64)?
        for (group, jobs) in past {
            guard let slot = jobs.first, let since = self[Int(slot)].supersededAt, since < oldest?.since ?? .max else { continue }
            oldest = (group, since)
        }
        guard let oldest else { return false }
        retireOldest(of: oldest.group)
        return true
    }

    private mutating func retireOldest(of group: UInt32) {
        guard let slot = past[group]?.removeFirst() else { return }
        if past[group]?.isEmpty == true { past[group] = nil }
        remove(Int(slot))
    }

    private mutating func takeSlot() -> Int? {
        if let slot = free.popLast() { return Int(slot) }
        guard Int(used) < slots.capacity else { return nil }
        used += 1
        return Int(used) - 1
    }

    private mutating func remove(_ slot: Int) {
        var place = Self.hash(ids[slot]) & indexMask
        while index[place] != Int32(slot) + 1 { place = (place + 1) & indexMask }
        // Entries behind it move up, unless that would put them before their own place.
        var gap = place
        while true {
            place = (place + 1) & indexMask
            guard index[place] != 0 else { break }
            let home = Self.hash(ids[Int(index[place]) - 1]) & indexMask
            if (place &- home) & indexMask >= (place &- gap) & indexMask {
                index[gap] = index[place]
                gap = place
            }
        }
        index[gap] = 0
        ids[slot] = 0
        _ = slots.move(slot)
        free.append(Int32(slot))
        count -= 1
    }

    @inline(__always)
    private static func hash(_ id: UInt64) -> Int { Int(truncatingIfNeeded: (id &* 0x9e37_79b9_7f4a_7c15) >> 32) }
}

extension JobTable {
    /// The jobs themselves, which travel but once for all loops.
    var jobs: [Job] { (0...indexMask).filter { index[$0] != 0 }.map { self[Int(index[$0]) - 1].job } }

    /// What this loop knows of each job goes to the next process. A job that is not among `jobs` there stays behind: its shares are stale.
    mutating func pass(through stream: inout HandoverStream, jobs: [UInt64: Job]) throws(HandoverStream.Failure) {
        try stream.pass(&nextSequence)
        var last = newest?.value ?? 0
        try stream.pass(&last)
        if last != 0 { newest = JobID(value: last) }
        // In the order in which they were superseded, the current ones last.
        var order = (0...indexMask).filter { index[$0] != 0 }.map { Int(index[$0]) - 1 }
        order.sort { self[$0].supersededAt ?? .max < self[$1].supersededAt ?? .max }
        var count = UInt32(truncatingIfNeeded: order.count)
        try stream.pass(&count)
        for number in 0..<Int(count) {
            guard stream.isReading else {
                var id = ids[order[number]]
                try stream.pass(&id)
                try slots.mutableAddress(order[number]).pointee.pass(through: &stream)
                continue
            }
            var id: UInt64 = 0
            try stream.pass(&id)
            if let job = jobs[id], slot(of: id) == nil, let slot = takeSlot() {
                slots.initialize(slot, to: JobSlot(job, sequence: 0, at: 0))
                try slots.mutableAddress(slot).pointee.pass(through: &stream)
                enter(slot)
                if self[slot].supersededAt != nil { past[job.group, default: []].append(Int32(slot)) }
            } else {
                try JobSlot.skip(in: &stream)
            }
        }
    }
}
