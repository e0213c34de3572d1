using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.WorkOrders;
using FluentValidation;

namespace CourtOps.Workzone.Supervision;

/// <summary>A leader or lead sends a slip about a case or an order to whoever has it in hand, point to point.</summary>
[Permit("workzone.slips.send")]
[Audited("workzone.slip.send")]
internal sealed record SendSlip : ICommand<long>
{
    public string Kind { get; init; } = "";
    public long? CaseId { get; init; }
    public long? OrderId { get; init; }

    /// <summary>To whom; null for whoever has the matter in hand.</summary>
    public long? ToId { get; init; }

    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<SendSlip>
    {
        public Validator()
        {
            RuleFor(c => c.Kind).Must(SlipKinds.Labels.ContainsKey).WithMessage("请选择提示单、催办单或督办单。");
            RuleFor(c => c.Words).NotEmpty().WithMessage("请写明要求。").MaximumLength(1000).WithMessage("要求最长 1000 个字符。");
            RuleFor(c => c.CaseId).NotNull().When(c => c.OrderId is null).WithMessage("请指明案件或工单。");
        }
    }

    internal sealed class Handler(SlipTargets targets, SlipBook slips, TimeProvider clock) : ICommandHandler<SendSlip, long>
    {
        public async Task<long> Handle(SendSlip request, CancellationToken cancellationToken)
        {
            var about = await targets.OfAsync(request.CaseId, request.OrderId, cancellationToken);
            var to = request.ToId is { } chosen
                ? about.Persons.FirstOrDefault(p => p.Id == chosen)
                    ?? throw new RuleBroken("收件人须是办理这件事的人、他的组长或者本院的院领导。", "ToId", "not-concerned")
                : about.Persons.FirstOrDefault(p => p.Post == SlipPosts.Handler)
                    ?? throw new RuleBroken(
                        about.OrderId is null
                            ? "案件还没有承办法官，督促单没有收件人；可以改发给院领导。"
                            : "工单还没有办理人，督促单没有收件人；请先派单，或者发给组长。",
                        "CaseId",
                        "nobody"
                    );
            return await slips.SendAsync(
                    new NewSlip
                    {
                        Kind = request.Kind,
                        CourtId = about.CourtId,
                        CaseId = about.CaseId,
                        OrderId = about.OrderId,
                        ToId = to.Id,
                        Post = to.Post,
                        Subject = about.Subject,
                        Words = request.Words.Trim(),
                        Cause = $"hand:{about.OrderId ?? about.CaseId}:{to.Id}:{request.Kind}:{clock.GetUtcNow().ToUnixTimeSeconds()}",
                    },
                    cancellationToken
                ) ?? throw new RuleBroken("同样的单刚刚发出过。", "Kind", "same-cause");
        }
    }
}

/// <summary>What a slip by hand is about, and to whom it may go: whoever has the matter in hand, the leads of its centre, the leaders of the court.</summary>
internal sealed class SlipTargets(ICases cases, IWorkOrders orders, SlipAddressees addressees, Db db)
{
    internal sealed record About(string Subject, long CourtId, long? CaseId, long? OrderId, IReadOnlyList<Person> Persons);

    /// <param name="Post">handler, lead or person.</param>
    internal sealed record Person(long Id, string Name, string Post);

    /// <exception cref="NotFound">A case or an order that is not there, or not for this reader.</exception>
    public async Task<About> OfAsync(long? caseId, long? orderId, CancellationToken ct)
    {
        var order = orderId is { } o ? await orders.GetAsync(o, ct) : null;
        var card = (order?.CaseId ?? caseId) is { } c ? await cases.GetAsync(c, ct) : null;
        if (order is null && card is null)
            throw new NotFound("案件");
        var court = order?.CourtId ?? card!.CourtId;
        var found = new List<(long Id, string Post)>();
        if ((order is null ? card?.JudgeId : order.AssigneeId) is { } handler)
            found.Add((handler, SlipPosts.Handler));
        if (order is not null)
            found.AddRange((await addressees.LeadsAsync(court, order.Centre, ct)).Select(l => (l, SlipPosts.Lead)));
        found.AddRange((await addressees.LeadersAsync(court, ct)).Select(l => (l, SlipPosts.Person)));
        var names = (
            await db.QueryAsync<Named>(
                "SELECT id, name, post FROM workzone_person WHERE state = 'active' AND id IN @ids",
                new { ids = found.Select(f => f.Id).Distinct().ToList() },
                ct
            )
        ).ToDictionary(n => n.Id);
        var persons = new List<Person>();
        foreach (var (id, post) in found.DistinctBy(f => f.Id))
            if (names.TryGetValue(id, out var n) && await addressees.ReachedAsync(id, card?.Id, ct))
                persons.Add(new Person(id, n.Post.Length > 0 ? $"{n.Name}（{n.Post}）" : n.Name, post));
        var subject = order is null ? $"{card!.Number} {card.Cause}" : $"{order.Number} {order.Title}";
        return new About(subject, court, card?.Id, order?.Id, persons);
    }

    private sealed record Named
    {
        public long Id { get; init; }
        public string Name { get; init; } = "";
        public string Post { get; init; } = "";
    }
}

/// <summary>Open slips of a person: with the work they go to whoever has it then, otherwise to the heir, without one to a leader of the court.</summary>
internal sealed class OpenSlips(Db db, SlipBook slips, SlipAddressees addressees) : People.IOpenWork
{
    public string Code => "slips";

    public string Label => "未答复的督促单";

    public bool NeedsHeir => false;

    public bool Takes(IReadOnlyCollection<string> roles) => roles.Any(r => Roles.Work.Contains(r.Split(':')[0]));

    public Task<int> CountAsync(long personId, CancellationToken ct) =>
        db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_slip WHERE to_id = @personId AND state IN ('sent', 'received')", new { personId }, ct);

    public async Task<int> HandOverAsync(People.OpenWorkMove move, CancellationToken ct)
    {
        var open = await db.QueryAsync<Slip>(
            Slip.Select + " WHERE s.to_id = @PersonId AND s.state IN ('sent', 'received') ORDER BY s.id",
            new { move.PersonId },
            ct
        );
        foreach (var s in open)
        {
            // the work may have gone to somebody else than the heir of the slips
            var holder = s.ToPost == SlipPosts.Handler ? await addressees.HandlerAsync(s.CaseId, s.OrderId, ct) : null;
            var next = new List<long?> { holder, move.HeirId };
            next.AddRange((await addressees.LeadersAsync(s.CourtId, ct)).Select(l => (long?)l));
            var passed = false;
            foreach (var to in next.OfType<long>().Where(n => n != move.PersonId))
                if (!passed && await addressees.ReachedAsync(to, s.CaseId, ct))
                {
                    await slips.PassAsync(s, to, move.Reason, ct);
                    passed = true;
                }
            if (!passed)
                await slips.ActAsync(s, "raise", move.Reason, null, ct);
        }
        return open.Count;
    }
}

/// <summary>receive, answer, accept, send-back.</summary>
[Permit("workzone.slips.read")]
[Audited("workzone.slip.act")]
internal sealed record ActOnSlip : ICommand
{
    public long Id { get; init; }
    public string Act { get; init; } = "";
    public string Words { get; init; } = "";
    public int? Version { get; init; }

    internal sealed class Validator : AbstractValidator<ActOnSlip>
    {
        public Validator()
        {
            RuleFor(c => c.Act).Must(a => a is "receive" or "answer" or "accept" or "send-back").WithMessage("没有这个动作。");
            RuleFor(c => c.Words)
                .NotEmpty()
                .When(c => c.Act is "answer" or "send-back")
                .WithMessage("请写明办理情况或者退回的原因。")
                .MaximumLength(400)
                .WithMessage("最长 400 个字符。");
        }
    }

    internal sealed class Handler(SlipBook slips) : CommandHandler<ActOnSlip>
    {
        protected override async Task RunAsync(ActOnSlip command, CancellationToken ct) =>
            await slips.ActAsync(await slips.FindAsync(command.Id, ct), command.Act, command.Words.Trim(), command.Version, ct);
    }
}

/// <summary>Slips to a person, from a person, or of the courts somebody leads.</summary>
[Permit("workzone.slips.read")]
internal sealed record ListSlips : IQuery<ListSlips.Result>
{
    /// <summary>to-me, from-me, court; or case, of one case.</summary>
    public string View { get; init; } = "to-me";
    public bool OpenOnly { get; init; } = true;

    /// <summary>Of the view court: those that wait to be received or answered alone.</summary>
    public bool Unanswered { get; init; }

    /// <summary>Of the view court: this court alone.</summary>
    public long? CourtId { get; init; }

    /// <summary>Of the view case.</summary>
    public long? CaseId { get; init; }
    public long After { get; init; } = long.MaxValue;

    internal sealed record Result(IReadOnlyList<Slip> Rows, long? Next);

    internal sealed class Handler(Db db, Actor actor, ICases cases, SlipBook slips) : IQueryHandler<ListSlips, Result>
    {
        private const int Page = 50;

        public async Task<Result> Handle(ListSlips request, CancellationToken cancellationToken)
        {
            var a = cases.Arguments;
            var who = request.View switch
            {
                "from-me" => "s.from_id = @me",
                "court" when actor.Can("workzone.slips.send") => "s.court_id IN @within",
                "case" => "s.case_id = @CaseId AND (s.to_id = @me OR s.from_id = @me OR (@leads = 1 AND s.court_id IN @courts))",
                _ => "s.to_id = @me",
            };
            var open = request.OpenOnly || request.Unanswered ? "s.ended_at IS NULL" : "1 = 1";
            var waits = request.Unanswered ? "s.state IN ('sent', 'received')" : "1 = 1";
            IReadOnlyList<long> within = request.CourtId is { } one ? [.. a.Courts.Where(c => c == one)] : a.Courts;
            var rows = await db.PageAsync<Slip>(
                $"{Slip.Select} WHERE {who} AND {open} AND {waits} AND {slips.Shown()} AND s.id < @After ORDER BY s.id DESC",
                new
                {
                    within,
                    leads = actor.Can("workzone.slips.send"),
                    request.CaseId,
                    a.Me,
                    a.Courts,
                    a.Places,
                    request.After,
                },
                Page + 1,
                cancellationToken
            );
            return new Result([.. rows.Take(Page)], rows.Count > Page ? rows[Page - 1].Id : null);
        }
    }
}
