/// Writes groups as log payloads.
///
/// ```
/// payload  = version(1 byte, 1) time names credits refusals
/// names    = count { number account worker }     workers named for the first time since the log was rotated
/// credits  = count { number count·2+hasBest weight [best: 8 bytes, IEEE 754, little-endian] }
/// refusals = count { number reason count }
/// ```
/// All integers are of variable length; account and worker are counted UTF-8. `number` is the writer's handle; it stands for the name given
/// with it, so a log can be read by any process.
struct GroupEncoder {
    static let version: UInt8 = 1
    private var named: [Bool] = []

    /// Forgets which names were written: the next payload can be the first of a segment.
    mutating func rotate() {
        named = Array(repeating: false, count: named.count)
    }

    /// - Parameter names: of all workers, indexed by handle; asked for only when a name is missing.
    mutating func encode(_ group: ShareGroup, names: () -> [WorkerName]) -> [UInt8] {
        var payload: [UInt8] = []
        payload.reserveCapacity(64 + group.credits.count * 12)
        payload.append(Self.version)
        payload.append(variable: UInt64(group.time))
        appendNames(of: group, names: names, to: &payload)
        payload.append(variable: UInt64(group.credits.count))
        for credit in group.credits {
            payload.append(variable: UInt64(credit.worker))
            payload.append(variable: credit.count << 1 | (credit.best > 0 ? 1 : 0))
            payload.append(variable: credit.weight)
            if credit.best > 0 { payload.append(littleEndian: credit.best.bitPattern) }
        }
        payload.append(variable: UInt64(group.refusals.count))
        for refusal in group.refusals {
            payload.append(variable: UInt64(refusal.worker))
            payload.append(refusal.reason)
            payload.append(variable: refusal.count)
        }
        return payload
    }

    private mutating func appendNames(of group: ShareGroup, names: () -> [WorkerName], to payload: inout [UInt8]) {
        var missing: [UInt32] = []
        for credit in group.credits where !isNamed(credit.worker) { missing.append(credit.worker) }
        for refusal in group.refusals where !isNamed(refusal.worker) { missing.append(refusal.worker) }
        payload.append(variable: UInt64(missing.count))
        guard !missing.isEmpty else { return }
        let names = names()
        for worker in missing {
            let name = names[Int(worker)]
            payload.append(variable: UInt64(worker))
            payload.append(counted: name.account.utf8)
            payload.append(counted: name.worker.utf8)
        }
    }

    /// Says whether the worker was named before, and counts it as named from now on.
    private mutating func isNamed(_ worker: UInt32) -> Bool {
        if named.count <= Int(worker) {
            named.append(contentsOf: repeatElement(false, count: max(Int(worker) + 1, named.count * 2) - named.count))
        }
        defer { named[Int(worker)] = true }
        return named[Int(worker)]
    }
}

/// Reads log payloads in the order they were written.
struct GroupDecoder {
    private var handles: [UInt32: UInt32] = [:]

    /// The group with handles of this process; nil when the payload is not one.
    mutating func decode(_ payload: ArraySlice<UInt8>, sequence: UInt64, directory: WorkerDirectory) -> ShareGroup? {
        var reader = ByteReader(payload)
        guard reader.byte() == GroupEncoder.version, let time = reader.variable(UInt64.self), let stamp = Int64(exactly: time) else { return nil }
        guard readNames(&reader, directory: directory) else { return nil }
        var group = ShareGroup(sequence: sequence, time: stamp)
        guard readCredits(&reader, into: &group), readRefusals(&reader, into: &group), reader.remaining == 0 else { return nil }
        return group
    }

    private mutating func readNames(_ reader: inout ByteReader, directory: WorkerDirectory) -> Bool {
        guard let count = reader.variable(UInt32.self) else { return false }
        for _ in 0..<count {
            guard let number = reader.variable(UInt32.self),
                let account = reader.text(atMost: WorkerName.maximumBytes),
                let worker = reader.text(atMost: WorkerName.maximumBytes)
            else { return false }
            handles[number] = directory.handle(onRecord: WorkerName(account: account, worker: worker))
        }
        return true
    }

    private func readCredits(_ reader: inout ByteReader, into group: inout ShareGroup) -> Bool {
        guard let count = reader.variable(UInt32.self) else { return false }
        for _ in 0..<count {
            guard let number = reader.variable(UInt32.self), let worker = handles[number],
                let countAndFlag = reader.variable(UInt64.self), let weight = reader.variable(UInt128.self)
            else { return false }
            var best = 0.0
            if countAndFlag & 1 == 1 {
                guard let bits = reader.littleEndian(UInt64.self) else { return false }
                best = Double(bitPattern: bits)
            }
            group.credits.append(.init(worker: worker, count: countAndFlag >> 1, weight: weight, best: best))
        }
        return true
    }

    private func readRefusals(_ reader: inout ByteReader, into group: inout ShareGroup) -> Bool {
        guard let count = reader.variable(UInt32.self) else { return false }
        for _ in 0..<count {
            guard let number = reader.variable(UInt32.self), let worker = handles[number],
                let reason = reader.byte(), let times = reader.variable(UInt64.self)
            else { return false }
            group.refusals.append(.init(worker: worker, reason: RejectCounts.slot(reason), count: times))
        }
        return true
    }
}
