using CourtOps.Contracts;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Triage.Filings;
using FluentValidation;

namespace CourtOps.Triage.Online;

/// <summary>What was written about a filing, as its own page shows it.</summary>
internal sealed record PublicLetter
{
    public long Id { get; init; }

    /// <summary>in: by the filer; out: by the court.</summary>
    public string Side { get; init; } = "";
    public string WordsEnc { get; init; } = "";
    public DateTimeOffset At { get; init; }
    public bool Taken { get; init; }
}

/// <summary>One line of a filing's page: a step of the court, or what was written.</summary>
/// <param name="Event">A step, or in or out for what was written.</param>
internal sealed record FilingLine(DateTimeOffset At, string Event, string Words);

/// <summary>Whoever filed online writes to the court about it, with a paper while the filing is being examined.</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("triage.online.write")]
internal sealed record WriteToCourt : ICommand
{
    /// <summary>Messages to one filing within 24 hours.</summary>
    public const int MostInADay = 10;

    public string Token { get; init; } = "";
    public string Words { get; init; } = "";

    /// <summary>A paper that comes with it; null without.</summary>
    public Blob? Blob { get; init; }
    public int? Pages { get; init; }

    internal sealed class Validator : AbstractValidator<WriteToCourt>
    {
        public Validator() =>
            RuleFor(c => c.Words)
                .Must(w => !string.IsNullOrWhiteSpace(w))
                .WithMessage("请写下要对法院说的话。")
                .MaximumLength(2000)
                .WithMessage("留言最长 2000 个字符。");
    }

    internal sealed class Handler(Db db, Ids ids, PublicFilings filings, Secrets secrets, BlobStore blobs, TimeProvider clock, Outbox outbox, AuditTrail audit)
        : CommandHandler<WriteToCourt>
    {
        private static readonly TimeSpan Twice = TimeSpan.FromMinutes(10);

        protected override async Task RunAsync(WriteToCourt command, CancellationToken ct)
        {
            var filing = await filings.OpenAsync(command.Token, [.. FilingState.Labels.Keys, "submitted"], ct);
            if (filing.SubmittedAt is null)
                throw new RuleBroken("这份申请没有提交过，请先提交。", "Words", "state");
            var now = clock.StoredNow();
            // the row of the filing is taken first: messages at the same moment are counted one after the other
            await db.ExecuteAsync("UPDATE triage_public_filing SET version = version + 1 WHERE id = @Id", new { filing.Id }, ct);
            var recent = await db.QueryAsync<PublicLetter>(
                "SELECT id, side, words_enc, at, taken FROM triage_public_letter WHERE public_id = @Id AND side = 'in' AND at > @since ORDER BY id",
                new { filing.Id, since = now.AddDays(-1) },
                ct
            );
            var words = command.Words.Trim();
            if (recent.Any(l => now - l.At < Twice && secrets.Reveal(l.WordsEnc) == words))
                throw new RuleBroken("同样的留言刚才已经发给法院，不用再发。", "Words", "same-content");
            if (recent.Count >= MostInADay)
                throw new RuleBroken($"一天最多 {MostInADay} 条留言，急事请拨打 12368 或者到立案窗口。", "Words", "too-many");
            if (command.Blob is { } blob)
            {
                if (filing.State is not ("submitted" or FilingState.Received))
                    throw new RuleBroken(
                        filing.State == FilingState.Returned
                            ? "补正的材料请在下面“材料”里上传，再交给法院。"
                            : "现在不能随留言交材料；已经立案的，请交给承办法官或者诉讼服务窗口。",
                        "File",
                        "state"
                    );
                if ((await filings.PapersAsync(filing.Id, ct)).Any(p => p.Blob == blob.Sha256))
                    throw new RuleBroken("这份材料已经传过，内容完全相同。", "File", "same-content");
                await blobs.KeepAsync(blob, ct);
                await db.ExecuteAsync(
                    "INSERT INTO triage_public_paper (id, public_id, kind, title, blob, size, pages, added_at, taken) VALUES (@id, @publicId, "
                        + "'other', @title, @Sha256, @Size, @Pages, @now, 0)",
                    new
                    {
                        id = ids.Next(),
                        publicId = filing.Id,
                        title = "随留言提交的材料",
                        blob.Sha256,
                        blob.Size,
                        command.Pages,
                        now,
                    },
                    ct
                );
            }
            await db.ExecuteAsync(
                "INSERT INTO triage_public_letter (id, public_id, side, words_enc, at, taken) VALUES (@id, @publicId, 'in', @words, @now, 0)",
                new
                {
                    id = ids.Next(),
                    publicId = filing.Id,
                    words = secrets.Protect(words),
                    now,
                },
                ct
            );
            await outbox.AddAsync(
                $"filing:{filing.Id}",
                new FilingHandedIn
                {
                    PublicId = filing.Id,
                    CourtId = filing.CourtId,
                    Act = "written",
                    At = now,
                },
                ct
            );
            audit.Note("public-filing", filing.Id, new { paper = command.Blob?.Sha256 });
        }
    }
}
