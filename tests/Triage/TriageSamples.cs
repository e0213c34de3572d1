using CourtOps.Kernel.Files;
using CourtOps.Triage.Filings;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Triage;

/// <summary>Filings as they come in.</summary>
internal static class TriageSamples
{
    public static PartyIn Plaintiff(string name = "张某甲") =>
        new()
        {
            Name = name,
            Role = "原告",
            IdNumber = "990101198001010014",
            Phone = "13800000001",
        };

    public static PartyIn Defendant(string name = "王某乙") =>
        new()
        {
            Name = name,
            Role = "被告",
            Phone = "13800000002",
        };

    public static TakeFiling Loan(string defendant = "王某乙", decimal amount = 30_000m) =>
        new()
        {
            Cause = "民间借贷纠纷",
            Claims = [new ClaimIn { Type = "money", Amount = amount }],
            Parties = [Plaintiff(), Defendant(defendant)],
            Facts = new FilingFacts { Ticks = ["factsClear", "rightsClear", "disputeSmall"] },
        };

    public static Task<TakeFiling.Result> Taken(this TestApp app, TakeFiling? filing = null) => app.As("registrar").Send(filing ?? Loan());

    public static async Task<(long Filing, RegisterFiling.Result Case)> Registered(this TestApp app, TakeFiling? filing = null)
    {
        var taken = await app.Taken(filing);
        return (taken.Id, await app.Send(new RegisterFiling { Id = taken.Id }));
    }

    /// <summary>A PDF in the store, as an upload leaves it.</summary>
    public static Task<Blob> Written(this TestApp app, string title) =>
        app.In(async s =>
        {
            using var stream = new MemoryStream(SamplePdf.Of(1, title));
            return await s.GetRequiredService<BlobStore>().WriteAsync(stream, 1 << 20, default);
        });

    public static async Task<long> Paper(this TestApp app, long filing, string kind, string title)
    {
        var blob = await app.As("registrar")
            .In(async s =>
            {
                using var stream = new MemoryStream(SamplePdf.Of(1, $"{filing} {title}"));
                return await s.GetRequiredService<BlobStore>().WriteAsync(stream, 1 << 20, default);
            });
        return await app.Send(
            new AddPaper
            {
                FilingId = filing,
                Kind = kind,
                Title = title,
                Blob = blob,
                Pages = 1,
            }
        );
    }
}
