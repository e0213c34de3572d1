using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Search;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Cases;

namespace CourtOps.Workzone.Search;

/// <summary>
/// The one box: a case by any fragment of its number or a party's name, an order by number or words, a party by the whole phone number
/// (by blind index, with the permission for it). The index gives ids, newest first; what the person may not see is left out afterwards.
/// </summary>
[Permit("workzone.cases.read")]
internal sealed record Find : IQuery<Find.Result>
{
    /// <summary>How many hits of the index are looked at for one page of those the person may see.</summary>
    private const int Looked = 1500;

    public string Text { get; init; } = "";
    public long CasesBefore { get; init; } = long.MaxValue;
    public long OrdersBefore { get; init; } = long.MaxValue;
    public int Take { get; init; } = 20;

    internal sealed record Result(IReadOnlyList<CaseHit> Cases, long? MoreCases, IReadOnlyList<OrderHit> Orders, long? MoreOrders, bool ByPhone)
    {
        /// <summary>The case whose whole number was typed; it needs no list.</summary>
        public CaseHit? Whole { get; init; }
    }

    internal sealed record CaseHit
    {
        public long Id { get; init; }
        public string Number { get; init; } = "";
        public string Cause { get; init; } = "";
        public string PartiesText { get; init; } = "";
        public string? JudgeName { get; init; }
        public string State { get; init; } = "";
    }

    internal sealed record OrderHit
    {
        public long Id { get; init; }
        public string Number { get; init; } = "";
        public string Title { get; init; } = "";
        public string Subject { get; init; } = "";
        public string CaseNumber { get; init; } = "";
        public string State { get; init; } = "";
        public string? AssigneeName { get; init; }
    }

    internal sealed class Handler(Db db, SearchIndex index, CaseAccess access, Actor actor, Secrets secrets, Kernel.Access.AccessLog reads)
        : IQueryHandler<Find, Result>
    {
        private const string Cases =
            "SELECT c.id, c.number, c.cause, c.parties_text, p.name AS judge_name, c.state FROM workzone_case c LEFT JOIN workzone_person p ON p.id = "
            + "c.judge_id WHERE c.id IN @ids AND ";

        public async Task<Result> Handle(Find request, CancellationToken cancellationToken)
        {
            var text = request.Text.Trim();
            if (text.Length is 0 or > 60)
                return new Result([], null, [], null, false);
            var found = await FindAsync(request, text, cancellationToken);
            reads.List("workzone.search", found.Cases.Count + found.Orders.Count, new { text = Masks.Words(text) });
            return found;
        }

        private async Task<Result> FindAsync(Find request, string text, CancellationToken cancellationToken)
        {
            var phone = Phone(text);
            if (phone is not null && actor.Can("workzone.parties.phone"))
            {
                var ids = await db.PageAsync<long>(
                    "SELECT y.case_id FROM workzone_party y WHERE y.phone_idx IN @phones ORDER BY y.case_id DESC",
                    new { phones = Writings(phone).SelectMany(secrets.BlindAll).Distinct() },
                    200,
                    cancellationToken
                );
                if (ids.Count > 0)
                    return new Result(await CasesAsync(ids, cancellationToken), null, [], null, true);
            }
            var (cases, moreCases) = await PagesAsync(
                CaseSource.Name,
                text,
                request.CasesBefore,
                request.Take,
                ids => CasesAsync(ids, cancellationToken),
                c => c.Id,
                cancellationToken
            );
            var (orders, moreOrders) = actor.Can("workzone.orders.read")
                ? await PagesAsync(
                    OrderSource.Name,
                    text,
                    request.OrdersBefore,
                    request.Take,
                    ids => OrdersAsync(ids, cancellationToken),
                    o => o.Id,
                    cancellationToken
                )
                : ([], null);
            return new Result(cases, moreCases, orders, moreOrders, false) { Whole = await WholeAsync(text, cancellationToken) };
        }

        // by the table, not by the index: a case just registered is found by its number at once
        private async Task<CaseHit?> WholeAsync(string text, CancellationToken ct)
        {
            if (!Law.CaseNumber.TryParse(text, out var number))
                return null;
            var ids = await db.QueryAsync<long>("SELECT c.id FROM workzone_case c WHERE c.number = @number", new { number = number.Canonical }, ct);
            return ids.Count == 0 ? null : (await CasesAsync(ids, ct)).SingleOrDefault();
        }

        // larger and larger bites of hits until the page is full, the hits are through or too many were for others
        private async Task<(IReadOnlyList<T> Rows, long? More)> PagesAsync<T>(
            string area,
            string text,
            long before,
            int take,
            Func<IReadOnlyList<long>, Task<IReadOnlyList<T>>> read,
            Func<T, long> idOf,
            CancellationToken ct
        )
        {
            var found = new List<T>();
            var looked = 0;
            for (var bite = take + 1; looked < Looked; bite = Math.Min(500, bite * 4))
            {
                var ids = await index.FindAsync(area, text, before, bite, ct);
                if (ids.Count > 0)
                    found.AddRange((await read(ids)).OrderByDescending(idOf));
                looked += ids.Count;
                if (found.Count > take)
                    return ([.. found.Take(take)], idOf(found[take - 1]));
                if (ids.Count < bite)
                    return (found, null);
                before = ids[^1];
            }
            return (found, before);
        }

        private async Task<IReadOnlyList<CaseHit>> CasesAsync(IReadOnlyList<long> ids, CancellationToken ct)
        {
            var (me, courts, places) = access.Arguments;
            return await db.QueryAsync<CaseHit>(
                Cases + access.IdCondition,
                new
                {
                    ids,
                    me,
                    courts,
                    places,
                },
                ct
            );
        }

        private async Task<IReadOnlyList<OrderHit>> OrdersAsync(IReadOnlyList<long> ids, CancellationToken ct)
        {
            var (me, courts, places) = access.Arguments;
            return await db.QueryAsync<OrderHit>(
                "SELECT o.id, o.number, o.title, o.subject, o.case_number, o.state, o.assignee_name FROM workzone_order o WHERE o.id IN @ids AND "
                    + $"{access.Seeing.Order("o")}",
                new
                {
                    ids,
                    me,
                    courts,
                    places,
                },
                ct
            );
        }

        // as it is stored now, and as it may have been stored by an earlier version: as it was typed
        private static IEnumerable<string> Writings(string typed) =>
            new[]
            {
                Written.Phone(typed),
                typed,
                typed.Replace(" ", "", StringComparison.Ordinal),
                typed.Replace("-", "", StringComparison.Ordinal),
            }.Distinct();

        // a whole number only: fragments of phones are not searched
        private static string? Phone(string text) => Written.IsPhone(text) && Written.Phone(text).Count(char.IsAsciiDigit) >= 7 ? text : null;
    }
}
