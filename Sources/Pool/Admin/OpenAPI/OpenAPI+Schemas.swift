extension OpenAPI {
    /// Counts are since the ledger began, times Unix seconds, hashes in display order, amounts in a chain's smallest unit.
    static let schemas = [
        APISchema(
            name: "Status",
            members: """
                version:string uptime:integer chain:string height:integer? connections:integer draining:boolean workers:integer hashrate:map accepted:integer
                rejected:map blocks:integer? networkDifficulty:number? expectedSeconds:number? effort:number? luck:number? bestShare:number?
                ledger:LedgerState pay:[Pay] engine:string nodes:[Node] auxiliaries:[Auxiliary]
                """
        ),
        APISchema(name: "Upgrade", members: "process:integer connections:integer secured:integer pauseMs:integer"),
        APISchema(name: "LedgerState", members: "durability:string pending:integer failure:string? trouble:string?"),
        APISchema(name: "Pay", members: "chain:string scheme:string reward:units? fees:units waiting:boolean decimals:integer"),
        APISchema(name: "Node", members: "url:string state:string height:integer? active:boolean lastError:string?"),
        APISchema(
            name: "Auxiliary",
            members: """
                name:string kind:string state:string height:integer? workAge:integer? found:integer accepted:integer uncle:integer stale:integer
                rejected:integer lastError:string? difficulty:number? neededDifficulty:number? hiddenFrom:integer outcomes:map
                """
        ),
        APISchema(
            name: "Miner",
            members: """
                connection:integer address:string agent:string account:string worker:string difficulty:number since:integer lastShare:integer?
                """
        ),
        APISchema(
            name: "Worker",
            members: """
                account:string worker:string accepted:integer acceptedDifficulty:number rejected:map difficulty:number? lastShare:integer?
                hashrate:map bestShare:number? sabotage:integer
                """
        ),
        APISchema(
            name: "Block",
            members: "height:integer hash:string worker:string time:integer state:string reward:units effort:number?"
        ),
        APISchema(
            name: "AuxiliaryBlock",
            members: """
                chain:string height:integer hash:string parentHash:string worker:string reward:units answer:string state:string time:integer
                """
        ),
        APISchema(
            name: "Round",
            members: """
                chain:string round:integer from:integer to:integer weight:units effort:number root:string scheme:string state:string reward:units
                height:integer? block:string? decimals:integer
                """
        ),
        APISchema(
            name: "Balance",
            members: """
                account:string chain:string immature:units payable:units sending:units paid:units address:string? decimals:integer
                """
        ),
        APISchema(name: "Account", members: "account:string since:integer workers:integer addresses:map fees:map"),
        APISchema(
            name: "ShareWindow",
            members: """
                start:integer span:integer account:string worker:string accepted:integer weight:units acceptedDifficulty:number rejected:map
                """
        ),
        APISchema(name: "Work", members: "id:integer kind:string state:string done:integer total:integer result:map text:string?"),
        APISchema(
            name: "Payout",
            members: """
                id:integer chain:string state:string accounts:integer amount:units fee:units? txid:string? created:integer changed:integer
                trouble:string? decimals:integer
                """
        ),
        APISchema(
            name: "PayoutPlan",
            members: """
                chain:string hasWallet:boolean minimum:units amount:units rows:[map] withoutAddress:[map] waiting:integer decimals:integer
                """
        ),
        APISchema(name: "Ban", members: "address:string until:integer? byHand:boolean"),
        APISchema(name: "ConfigurationChange", members: "key:string from:string to:string applied:boolean"),
        APISchema(name: "Reached", members: "connections:integer"),
        APISchema(name: "Failure", members: "error:Reason"),
        APISchema(name: "Reason", members: "code:string message:string"),
    ]
}
