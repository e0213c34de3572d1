using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Web;
using CourtOps.ServiceOfDocuments.Addresses;
using CourtOps.ServiceOfDocuments.Attempts;
using CourtOps.ServiceOfDocuments.Calls;
using CourtOps.ServiceOfDocuments.Steward;
using CourtOps.ServiceOfDocuments.Tasks;
using CourtOps.Workzone.WorkOrders;
using FluentValidation;

namespace CourtOps.ServiceOfDocuments.Post;

/// <summary>Takes tracking lines in: from a file, or over HTTP. Each line once; what is unknown or contradicts is named and goes to a person.</summary>
[Permit("service.work")]
[Audited("service.post.track")]
internal sealed record TakeTracking : ICommand<TakeTracking.Result>
{
    public IReadOnlyList<TrackLine> Lines { get; init; } = [];

    /// <param name="Outcome">recorded, news, again, unknown, ask, contradiction.</param>
    internal sealed record Line(int Number, string Tracking, string Outcome, string Said);

    internal sealed record Result(IReadOnlyList<Line> Lines)
    {
        public int Count(string outcome) => Lines.Count(l => l.Outcome == outcome);
    }

    internal sealed class Validator : AbstractValidator<TakeTracking>
    {
        public Validator() => RuleFor(c => c.Lines).Must(l => l.Count <= 20_000).WithMessage("一次最多 20000 行，请拆分文件。");
    }

    internal sealed class Handler(Db db, Ids ids, Notices notices, IWorkOrders orders, AttemptBook attempts, Alarms alarms, Actor actor, AuditTrail audit)
        : ICommandHandler<TakeTracking, Result>
    {
        public async Task<Result> Handle(TakeTracking request, CancellationToken cancellationToken)
        {
            var said = new List<Line>();
            var steps = new Dictionary<string, LetterStep>();
            var (me, courts, places) = orders.SeenArguments;
            foreach (var chunk in request.Lines.Select(l => l.Tracking).Distinct().Chunk(400))
            foreach (
                var s in await db.QueryAsync<LetterStep>(
                    "SELECT s.id, s.notice_id, s.order_id, s.state, s.tracking, s.address_id, a.origin, a.warned FROM service_step s LEFT JOIN "
                        + "service_address a ON a.id = s.address_id WHERE (s.tracking IN @numbers OR s.id IN @ids) AND s.channel = 'postal' AND "
                        + orders.Seen("s.order_id"),
                    new
                    {
                        numbers = chunk,
                        ids = chunk.Select(c => Barcode.Step(c) ?? 0).Distinct(),
                        me,
                        courts,
                        places,
                    },
                    cancellationToken
                )
            )
            {
                steps[Barcode.Of(s.Id)] = s;
                if (s.Tracking is { } t)
                    steps[t] = s;
            }
            var known = new HashSet<string>();
            foreach (var chunk in request.Lines.Select(Digest).Distinct().Chunk(400))
                known.UnionWith(
                    await db.QueryAsync<string>("SELECT digest FROM service_track WHERE digest IN @digests", new { digests = chunk }, cancellationToken)
                );
            var rows = new List<object>();
            foreach (var line in request.Lines.OrderBy(l => l.At).ThenBy(l => l.Number))
            {
                var digest = Digest(line);
                if (!known.Add(digest))
                {
                    said.Add(new(line.Number, line.Tracking, "again", "这一行以前导入过"));
                    continue;
                }
                var step = steps.GetValueOrDefault(line.Tracking);
                var outcome = step is null ? ("unknown", "没有这个邮件号码") : await TakeAsync(line, step, cancellationToken);
                said.Add(new(line.Number, line.Tracking, outcome.Item1, outcome.Item2));
                rows.Add(
                    new
                    {
                        id = ids.Next(),
                        digest,
                        step = step?.Id,
                        line.Tracking,
                        line.At,
                        line.Words,
                        outcome = outcome.Item1,
                        now = notices.Now(),
                    }
                );
            }
            await db.ExecuteManyAsync(
                "INSERT INTO service_track (id, digest, step_id, tracking, at, words, outcome, taken_at) VALUES (@id, @digest, @step, @Tracking, @At, "
                    + "@Words, @outcome, @now)",
                rows,
                cancellationToken
            );
            audit.Note(
                "tracking",
                0,
                new
                {
                    lines = request.Lines.Count,
                    recorded = said.Count(l => l.Outcome == "recorded"),
                    unknown = said.Count(l => l.Outcome == "unknown"),
                }
            );
            return new Result([.. said.OrderBy(l => l.Number)]);
        }

        private async Task<(string, string)> TakeAsync(TrackLine line, LetterStep step, CancellationToken ct)
        {
            var meaning = PostRules.Meaning(line.Words, line.Signer);
            if (meaning.Outcome == "news")
                return ("news", "在途");
            var notice = await notices.GetAsync(step.NoticeId, ct);
            if (step.Ended || NoticeBook.Table.Find(NoticeStep.Otherwise, notice.State) is null)
            {
                // delivered after returned, or returned after served: two words of the carrier contradict each other
                await alarms.RaiseAsync(
                    "post",
                    $"post:{step.Id}:{line.Words}",
                    notice.CaseId,
                    notice.Id,
                    notice.Recipient,
                    $"邮件 {line.Tracking} 又报“{line.Words}”（{Times.Full(line.At)}），与已登记的结果矛盾，请核实。",
                    ct
                );
                return ("contradiction", "与已登记的结果矛盾，已提醒核实");
            }
            if (meaning.Outcome == "ask")
            {
                await alarms.RaiseAsync(
                    "post",
                    $"who-signed:{step.Id}",
                    notice.CaseId,
                    notice.Id,
                    notice.Recipient,
                    $"邮件 {line.Tracking}：“{line.Words}”（{Times.Full(line.At)}）。请查明谁签收或者为什么退回：本人、同住成年家属（不是对方当事人）、单位收发才算送达。",
                    ct
                );
                return ("ask", "须查明签收人或退回原因，已提醒");
            }
            try
            {
                RecordAttempt.Result? result = null;
                // a line that is refused leaves nothing behind
                await db.SavepointAsync(async () =>
                    result = await attempts.RecordAsync(
                        notice,
                        await orders.GetAsync(notice.OrderId, ct),
                        new AttemptFacts
                        {
                            Channel = "postal",
                            Outcome = meaning.Outcome,
                            Signer = meaning.Signer,
                            On = Times.Day(line.At),
                            Address = Origins.PostalKind(step.Origin ?? ""),
                            Warned = step.Warned,
                            Tracking = line.Tracking,
                            Words = Contests.Cut(line.Words, 200),
                        },
                        null,
                        true,
                        actor.Name,
                        ct
                    )
                );
                step.Ended = meaning.Outcome != "mismatch";
                return ("recorded", result!.EffectiveOn is { } on ? $"送达日 {Times.Iso(on)}" : "未送达，转下一方式");
            }
            catch (Exception e) when (e is RuleBroken or Conflict)
            {
                return ("ask", e.Message);
            }
        }

        private static string Digest(TrackLine line) => Secrets.Digest($"{line.Tracking}|{line.At.UtcTicks}|{line.Words}|{line.Signer}");

        private sealed record LetterStep
        {
            public long Id { get; init; }
            public long NoticeId { get; init; }
            public long OrderId { get; init; }
            public string State { get; init; } = "";
            public string? Tracking { get; init; }
            public long? AddressId { get; init; }
            public string? Origin { get; init; }
            public bool Warned { get; init; }
            public bool Ended { get; set; }
        }
    }
}
