using System.Text;
using CourtOps.Kernel.Files;
using CourtOps.ServiceOfDocuments.Sending;
using CourtOps.ServiceOfDocuments.Tasks;
using CourtOps.Workzone.Documents;
using CourtOps.Workzone.Imports;
using CourtOps.Workzone.WorkOrders;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Testing;

/// <summary>A party as a case list has it.</summary>
public sealed record SampleParty(string Name, string Role = "被告")
{
    public string Email { get; init; } = "";

    /// <summary>同意, 提供 or empty.</summary>
    public string EService { get; init; } = "";

    public string IdNumber { get; init; } = "99010119800102001X";

    public string Phone { get; init; } = "13800000001";

    public string Language { get; init; } = "zh";

    /// <summary>An address the person gave: arrival is effect.</summary>
    public static SampleParty Provided => new("王某乙") { Email = "wang@party.example", EService = "提供" };

    /// <summary>An address the court found out: reading is effect.</summary>
    public static SampleParty Obtained => new("朴某丙") { Email = "piao@party.example" };

    /// <summary>No address: the link is handed over.</summary>
    public static SampleParty Linked => new("尹某己");
}

/// <summary>Who registers, judges and serves; the people of one court.</summary>
public sealed record SamplePeople(string Court, string Code, string Registrar, string Judge, string JudgeName, string Clerk)
{
    public static SamplePeople Wangqing { get; } = new(Sample.Court, "吉2424", "registrar", "judge", "李测试", "clerk");
}

/// <summary>Arranges by the product's own commands: a case, a document, an order in a clerk's hand.</summary>
public static class Sample
{
    public const string Court = "汪清县人民法院";
    public const string Header = "案号,法院,案由,立案日期,适用程序,承办法官,分案日期,当事人,诉讼地位,当事人类型,证件号码,电话,电子邮箱,电子送达,语言";

    public static string Number(int serial, string code = "吉2424") => $"（2026）{code}民初{serial}号";

    public static string Row(
        string number,
        SampleParty party,
        string judge = "李测试",
        string court = Court,
        string filed = "2026-02-02",
        string cause = "民间借贷纠纷"
    ) =>
        $"{number},{court},{cause},{filed},MC-ORD,{judge},{(judge.Length > 0 ? filed : "")},{party.Name},{party.Role},,{party.IdNumber},{party.Phone},"
        + $"{party.Email},{party.EService},{party.Language}";

    public static string Csv(params string[] rows) => string.Join('\n', rows.Prepend(Header)) + "\n";

    /// <summary>A list as a person hands it in, run to its end.</summary>
    public static async Task<(ImportSummary Summary, IReadOnlyList<CaseOutcome> Outcomes)> Import(
        this TestApp app,
        byte[] file,
        string format = "csv",
        string person = "registrar"
    )
    {
        app.As(person);
        return await app.In(async s =>
        {
            var import = s.GetRequiredService<ICaseImport>();
            using var stream = new MemoryStream(file);
            var (id, _) = await import.BeginAsync(new CaseList(stream, "list." + format, format), default);
            var summary = await import.RunAsync(id, default);
            var outcomes = new List<CaseOutcome>();
            await foreach (var o in import.OutcomesAsync(id, default))
                outcomes.Add(o);
            return (summary, (IReadOnlyList<CaseOutcome>)outcomes);
        });
    }

    public static Task<(ImportSummary Summary, IReadOnlyList<CaseOutcome> Outcomes)> Import(this TestApp app, string csv, string person = "registrar") =>
        app.Import(Encoding.UTF8.GetBytes(csv), "csv", person);

    /// <summary>A case under the control of "judge", with a plaintiff and the parties given.</summary>
    public static Task<long> Case(this TestApp app, int serial, params SampleParty[] parties) => app.Case(serial, SamplePeople.Wangqing, parties);

    /// <summary>The same in another court, or with other people.</summary>
    public static async Task<long> Case(this TestApp app, int serial, SamplePeople by, params SampleParty[] parties)
    {
        var number = Number(serial, by.Code);
        var (summary, outcomes) = await app.Import(
            Csv([.. parties.Prepend(new SampleParty("张某甲", "原告") { Phone = "13800000009" }).Select(p => Row(number, p, by.JudgeName, by.Court))]),
            by.Registrar
        );
        if (summary.Created != 1)
            throw new InvalidOperationException(string.Join('\n', outcomes.SelectMany(o => o.Errors)));
        return await app.Value<long>("SELECT id FROM workzone_case WHERE number = @number", new { number });
    }

    /// <summary>A PDF of the case, put in by the judge.</summary>
    public static async Task<long> Document(
        this TestApp app,
        long caseId,
        string title = "起诉状副本",
        string kind = "complaint",
        string volume = "main",
        string judge = "judge",
        bool held = false
    )
    {
        app.As(judge);
        var card = await app.In(async s =>
        {
            using var stream = new MemoryStream(SamplePdf.Of(2, $"{caseId} {title}"));
            var blob = await s.GetRequiredService<BlobStore>().WriteAsync(stream, 1 << 20, default);
            return await s.GetRequiredService<MediatR.IMediator>()
                .Send(
                    new AddDocument
                    {
                        CaseId = caseId,
                        Kind = kind,
                        Title = title,
                        Blob = blob,
                        Pages = 2,
                        Volume = volume,
                    }
                );
        });
        // a paper of the court stands for one that was issued, unless a test is about those that were not
        if (!held)
            await app.Change("UPDATE workzone_document SET released_at = created_at WHERE id = @Id", new { card.Id });
        return card.Id;
    }

    public static Task<long> PartyId(this TestApp app, long caseId, string name) =>
        app.As(null).Value<long>("SELECT id FROM workzone_party WHERE case_id = @caseId AND name = @name", new { caseId, name });

    /// <summary>The judge asks for the documents to be served; the clerk has the order in hand.</summary>
    public static async Task<ServedOrder> Asked(
        this TestApp app,
        int serial,
        IReadOnlyList<SampleParty> parties,
        IReadOnlyList<(string Title, string Kind)>? documents = null,
        bool accept = true,
        SamplePeople? by = null
    )
    {
        by ??= SamplePeople.Wangqing;
        var caseId = await app.Case(serial, by, [.. parties]);
        var papers = new List<long>();
        foreach (var (title, kind) in documents ?? [("起诉状副本", "complaint")])
            papers.Add(await app.Document(caseId, title, kind, judge: by.Judge));
        var people = new List<long>();
        foreach (var party in parties)
            people.Add(await app.PartyId(caseId, party.Name));
        var result = await app.As(by.Judge)
            .Send(
                new RequestService
                {
                    CaseId = caseId,
                    DocumentIds = papers,
                    PartyIds = people,
                }
            );
        if (accept)
            await app.As(by.Clerk).Send(new TakeStep { Id = result.OrderId, Step = OrderStep.Accept });
        var notices = await app.As(null).Rows<long>("SELECT id FROM service_notice WHERE order_id = @OrderId ORDER BY id", new { result.OrderId });
        return new ServedOrder(caseId, result.OrderId, papers, people, notices, result.TaskIds);
    }

    public static Task SendNotice(this TestApp app, long notice, string clerk = "clerk") => app.As(clerk).Send(new SendNotice { NoticeId = notice });
}

public sealed record ServedOrder(
    long CaseId,
    long OrderId,
    IReadOnlyList<long> Documents,
    IReadOnlyList<long> Parties,
    IReadOnlyList<long> Notices,
    IReadOnlyList<long> Tasks
)
{
    public long Notice => Notices[0];
}
