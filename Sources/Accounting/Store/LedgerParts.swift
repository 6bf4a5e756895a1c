/// A ledger's store and log, as the setting names them.
struct LedgerParts {
    let store: LedgerStore
    let log: any ShareLog

    init(_ settings: LedgerSettings, directory: WorkerDirectory) throws(LedgerError) {
        switch try settings.place() {
        case .file(let path): try self.init(SQLiteFile(path: path), settings, directory)
        case .server(let url):
            try self.init(PostgreSQLStore(server: PostgreSQLServer(url: url, durability: settings.durability)), settings, directory)
        }
    }

    private init(_ file: SQLiteFile, _ settings: LedgerSettings, _ directory: WorkerDirectory) throws(LedgerError) {
        try file.refuseForeign()
        // The log's folder is locked first: one process at a time opens the file to write.
        log = try SegmentedLog(folder: file.path + "-shares", durability: settings.durability)
        let (writer, reader) = try file.open()
        let connect = { @Sendable () throws(LedgerError) -> any Database in try file.read() }
        store = LedgerStore(
            writer: writer,
            reader: reader,
            connect: connect,
            instance: settings.instance,
            directory: directory,
            patience: settings.patience
        )
    }

    private init(_ place: PostgreSQLStore, _ settings: LedgerSettings, _ directory: WorkerDirectory) throws(LedgerError) {
        let seat = try InstanceSeat(instance: settings.instance, dataFolder: settings.dataFolder, server: place.server.name)
        let writer = try place.open()
        // Groups have a connection of their own: no share waits for a fold.
        let groups = try place.connect()
        try seat.take(groups)
        log = GroupTable(groups, seat: seat, directory: directory)
        let connect = { @Sendable () throws(LedgerError) -> any Database in try place.connect() }
        store = LedgerStore(
            writer: writer,
            reader: try connect(),
            connect: connect,
            instance: settings.instance,
            directory: directory,
            patience: settings.patience
        )
    }
}

extension LedgerSettings {
    enum Place: Equatable {
        /// An SQLite file.
        case file(path: String)
        /// A libpq URL.
        case server(url: String)
    }

    /// What `store` names.
    func place() throws(LedgerError) -> Place {
        let prefix = "sqlite:"
        if store.hasPrefix(prefix), store.count > prefix.count {
            let file = String(store.dropFirst(prefix.count))
            return .file(path: file.hasPrefix("/") ? file : dataFolder + "/" + file)
        }
        if store.hasPrefix("postgresql://") || store.hasPrefix("postgres://") { return .server(url: store) }
        throw .unknownStore(store)
    }
}

extension Ledger {
    /// Says what a ledger would find, and changes nothing.
    public static func inspect(_ settings: LedgerSettings) throws(LedgerError) -> String {
        switch try settings.place() {
        case .file(let path):
            return try SQLiteFile(path: path).exists() ? "\(path) is a ledger" : "\(path) is not there yet; the pool will make it"
        case .server(let url):
            let place = PostgreSQLStore(server: PostgreSQLServer(url: url, durability: settings.durability))
            let database = try place.connect()
            return switch try place.inspect(database) {
            case .nothing: "\(place.server.name) is empty; the pool will make its tables"
            case .ledger(let version): "\(place.server.name) holds a ledger, schema version \(version)"
            }
        }
    }
}
