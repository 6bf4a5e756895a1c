extension LedgerStore.Writer {
    /// The row of a worker, created with its account's when there is none.
    mutating func row(of handle: UInt32, in directory: WorkerDirectory, at time: Int64) throws(LedgerError) -> Int64 {
        let index = Int(handle)
        if index < workerRows.count, workerRows[index] != 0 { return workerRows[index] }
        guard let name = directory[handle] else { throw .unknownWorker }
        let account = try rowOfAccount(name.account, at: time)
        try database.run(
            "INSERT INTO worker (account, name, created) VALUES ($1, $2, $3) ON CONFLICT (account, name) DO NOTHING",
            [.integer(account), .text(name.worker), .integer(time)]
        )
        let row = try database.first(
            "SELECT id FROM worker WHERE account = $1 AND name = $2",
            [.integer(account), .text(name.worker)]
        ) { $0.integer(0) }
        guard let row else { throw .store("a worker's row vanished") }
        keep(row, of: index)
        return row
    }

    mutating func keep(_ row: Int64, of index: Int) {
        if workerRows.count <= index { workerRows.append(contentsOf: repeatElement(0, count: index + 1 - workerRows.count)) }
        workerRows[index] = row
    }

    func rowOfAccount(_ name: String, at time: Int64) throws(LedgerError) -> Int64 {
        try database.run(
            "INSERT INTO account (name, created) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
            [.text(name), .integer(time)]
        )
        guard let row = try database.first("SELECT id FROM account WHERE name = $1", [.text(name)], { $0.integer(0) }) else {
            throw .store("an account's row vanished")
        }
        return row
    }
}

extension LedgerStore {
    /// Gives every worker on record a handle.
    func loadWorkers() throws(LedgerError) {
        try write { database, writer throws(LedgerError) in
            try database.query("SELECT w.id, a.name, w.name FROM worker w JOIN account a ON a.id = w.account ORDER BY w.id", []) { row in
                let handle = directory.handle(onRecord: WorkerName(account: row.text(1), worker: row.text(2)))
                writer.keep(row.integer(0), of: Int(handle))
            }
        }
    }
}
