import Hashing

/// A share that a tick has read, before its verdict.
struct Candidate: BitwiseCopyable {
    /// Its connection's index.
    let connection: Int32
    /// Its job's slot; -1 when it named none that is known.
    let slot: Int32
    let worker: UInt32
    /// Whether `worker` is one; shares of nobody are answered but not recorded.
    let hasWorker: Bool
    /// Why it will be refused, unless it solves a chain first; 0 when nothing is against it yet.
    let fault: UInt8
    /// The difficulty that its job went out with on its connection.
    let difficulty: ShareDifficulty
    /// The job's id as submitted.
    let job: UInt64
    /// The candidate before it with the same job, -1 for none.
    var previous: Int32 = -1
}

/// The shares of one tick: gathered as lines are read, hashed together by job, then judged in the order they came.
struct CandidateBatch: ~Copyable {
    let capacity: Int
    private(set) var count = 0
    private let candidates: FixedArray<Candidate>
    private let inputs: FixedArray<ShareInput>
    private let hashes: FixedArray<Hash256>
    /// Candidates without a job.
    private var refusedCount = 0
    /// The slots that candidates name.
    private var slots: [Int32] = []
    /// For batches of several jobs: one job's shares side by side.
    private let gatheredInputs: FixedArray<ShareInput>
    private let gatheredHashes: FixedArray<Hash256>

    init(capacity: Int) {
        self.capacity = capacity
        let nobody = Candidate(
            connection: 0,
            slot: -1,
            worker: 0,
            hasWorker: false,
            fault: 0,
            difficulty: .nominal,
            job: 0
        )
        let nothing = ShareInput(extranonce: InlineArray(repeating: 0), version: 0, time: 0, nonce: 0)
        candidates = FixedArray(repeating: nobody, count: capacity)
        inputs = FixedArray(repeating: nothing, count: capacity)
        hashes = FixedArray(repeating: .zero, count: capacity)
        gatheredInputs = FixedArray(repeating: nothing, count: capacity)
        gatheredHashes = FixedArray(repeating: .zero, count: capacity)
        slots.reserveCapacity(64)
    }

    var room: Int { capacity - count }

    subscript(index: Int) -> Candidate { candidates[index] }
    func hash(_ index: Int) -> Hash256 { hashes[index] }
    func input(_ index: Int) -> ShareInput { inputs[index] }

    /// Adds a share that is refused without a look at its hash.
    mutating func add(refused candidate: Candidate) {
        candidates[count] = candidate
        count += 1
        refusedCount += 1
    }

    /// Adds a share of a known job.
    mutating func add(_ candidate: Candidate, _ input: ShareInput, to jobs: borrowing JobTable) {
        let slot = Int(candidate.slot)
        candidates[count] = candidate
        candidates[count].previous = jobs[slot].lastCandidate
        inputs[count] = input
        if jobs[slot].lastCandidate < 0 { slots.append(candidate.slot) }
        jobs[slot].lastCandidate = Int32(count)
        count += 1
    }

    /// Hashes every candidate that has a job, a job at a time, and says how many they were and how many lanes their calls had.
    mutating func hash(with judge: ShareJudge, jobs: borrowing JobTable) -> (shares: Int, lanes: Int) {
        var shares = 0
        var lanes = 0
        for slot in slots {
            let slot = Int(slot)
            var members = 0
            if slots.count == 1, refusedCount == 0 {
                // The usual case: everybody mines one job.
                members = count
                Self.hash(inputs, into: hashes, count: count, of: jobs[slot].job, with: judge)
            } else {
                var index = jobs[slot].lastCandidate
                while index >= 0 {
                    gatheredInputs[members] = inputs[Int(index)]
                    members += 1
                    index = candidates[Int(index)].previous
                }
                Self.hash(gatheredInputs, into: gatheredHashes, count: members, of: jobs[slot].job, with: judge)
                members = 0
                index = jobs[slot].lastCandidate
                while index >= 0 {
                    hashes[Int(index)] = gatheredHashes[members]
                    members += 1
                    index = candidates[Int(index)].previous
                }
            }
            jobs[slot].lastCandidate = -1
            shares += members
            lanes += (members + judge.engine.lanes - 1) / judge.engine.lanes * judge.engine.lanes
        }
        return (shares, lanes)
    }

    mutating func removeAll() {
        count = 0
        slots.removeAll(keepingCapacity: true)
        refusedCount = 0
    }

    private static func hash(
        _ inputs: borrowing FixedArray<ShareInput>,
        into hashes: borrowing FixedArray<Hash256>,
        count: Int,
        of job: Job,
        with judge: ShareJudge
    ) {
        inputs.withPrefix(count) { inputs in
            hashes.withPrefix(count) { hashes in
                var hashes = hashes.mutableSpan
                judge.judge(inputs.span, of: job.plan, into: &hashes)
            }
        }
    }
}
