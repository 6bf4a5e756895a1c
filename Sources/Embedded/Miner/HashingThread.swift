import Bitcoin
import Hashing

/// One thread's loop: takes the work that hangs on the board and hashes its own part of it.
struct HashingThread: ~Copyable {
    private let board: WorkBoard
    private let thread: Int
    private let threads: Int
    private let engine: HashEngine
    /// Nonces a call of the kernel; about ``batchTime`` long, so that new work is seen soon.
    private var batch: UInt64 = 1 << 14

    private static let batchTime = Duration.milliseconds(10)

    init(board: WorkBoard, thread: Int, of threads: Int, engine: HashEngine) {
        self.board = board
        self.thread = thread
        self.threads = threads
        self.engine = engine
    }

    /// Returns when the board is stopped.
    mutating func run() {
        // Whoever comes back to the same work (too many shares were waiting) goes on where it was.
        var last: (posted: WorkBoard.Posted, space: SearchSpace, piece: SearchSpace.Piece, nonce: UInt64)?
        while let posted = board.work(for: thread) {
            var space = SearchSpace(extranonce2Size: posted.work.extranonce2Size, thread: thread, of: threads)
            var piece = space.next()
            var nonce: UInt64 = 0
            if let last, last.posted.number == posted.number { (space, piece, nonce) = (last.space, last.piece, last.nonce) }
            while scan(posted, piece, &nonce) {
                piece = space.next()
                nonce = 0
            }
            last = (posted, space, piece, nonce)
        }
    }

    /// Tries the piece's nonces from `nonce` on, to the last; false when the work should be looked at anew.
    private mutating func scan(_ posted: WorkBoard.Posted, _ piece: SearchSpace.Piece, _ nonce: inout UInt64) -> Bool {
        let header = posted.work.header(piece)
        let scanner = HeaderScanner(header: header.serialized, target: posted.work.target, engine: engine)
        while nonce < 1 << 32 {
            guard board.isCurrent(posted) else { return false }
            let start = ContinuousClock.now
            var goesOn = true
            let tried = scanner.scan(nonce..<min(nonce + batch, 1 << 32)) { found, _ in
                let share = MinedShare(jobID: posted.work.jobID, extranonce2: piece.extranonce2, time: header.time, nonce: found)
                goesOn = board.put(share, of: posted)
                return goesOn
            }
            nonce += tried
            board.count(tried)
            guard goesOn else { return false }
            adjustBatch(took: .now - start)
        }
        return true
    }

    private mutating func adjustBatch(took: Duration) {
        if took < Self.batchTime / 2, batch < 1 << 28 { batch *= 2 }
        if took > Self.batchTime * 2, batch > 1 << 10 { batch /= 2 }
    }
}
