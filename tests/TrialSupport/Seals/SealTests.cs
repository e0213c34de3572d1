using System.Net;
using CourtOps.Kernel.Files;
using CourtOps.TrialSupport.Drafting;
using CourtOps.TrialSupport.Drafts;
using CourtOps.TrialSupport.Seals;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.TrialSupport.Tests.Seals;

/// <summary>A document is sealed as it is issued, and anybody can hold a paper against the seal.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class SealTests(Engine engine) : AppTests(engine)
{
    [TestCase("3f9a 00bb-12cd 77EE", "3F9A-00BB-12CD-77EE")]
    [TestCase("３Ｆ９Ａ00BB12CD77EE", "3F9A-00BB-12CD-77EE")]
    [TestCase("zz", "")]
    public void A_code_is_read_as_people_type_it(string typed, string code) => Assert.That(SealKeeper.Fold(typed), Is.EqualTo(code));

    [Test]
    public async Task Without_a_key_nothing_is_sealed_and_with_one_the_paper_can_be_checked()
    {
        Assert.That(await App.In(s => Task.FromResult(s.GetRequiredService<SealKeeper>().Ready)), Is.False, "only the demo makes a key");
        await IssueAsync(1);
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM trial_public_seal"), Is.Zero);
        await App.In(s =>
        {
            s.GetRequiredService<SealKeeper>().MakeDemoKey();
            return Task.FromResult(0);
        });
        var document = await IssueAsync(2);
        var (code, digest) = await App.As(null).Value<Row>("SELECT code, digest FROM trial_public_seal") is { } r ? (r.Code, r.Digest) : default;
        var blob = await App.Value<string>("SELECT blob FROM workzone_document WHERE id = @document", new { document });
        Assert.That(digest, Is.EqualTo(blob), "the seal is over the document's own bytes");
        var bytes = await App.In(async s =>
        {
            using var copy = new MemoryStream();
            await using var stored = s.GetRequiredService<BlobStore>().Open(blob!);
            await stored.CopyToAsync(copy);
            return copy.ToArray();
        });
        var row = await App.As(null).Send(new VerifySeal { Code = code!.ToLowerInvariant() });
        Assert.That((row.Kind, row.Signer, SealKeeper.Fits(bytes, row.Signature)), Is.EqualTo(("ruling", "CourtOps demo seal", true)));
        bytes[^1] ^= 1;
        Assert.That(SealKeeper.Fits(bytes, row.Signature), Is.False, "one changed bit");
        Assert.That(SealKeeper.Fits(bytes, "x"), Is.False);
        var phone = await App.Http();
        Assert.That((await phone.GetAsync("/seals?code=0000-0000-0000-0000")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        var page = WebUtility.HtmlDecode(await phone.GetStringAsync("/seals?code=" + code));
        Assert.That(page, Does.Contain("CourtOps demo seal").And.Not.Contain("民初"), "nothing of the case");
    }

    private async Task<long> IssueAsync(int n)
    {
        var caseId = await App.Case(n, SampleParty.Provided);
        var bytes = DocxWriter.Write([
            new("吉林省汪清县人民法院", ParaStyle.Title),
            new("民事裁定书", ParaStyle.Title),
            new($"（2026）吉2424民初{n}号", ParaStyle.Right),
            new("原告：张某甲，男，1980年1月1日出生，汉族，住汪清县。"),
            new("被告：王某乙，男，1981年2月2日出生，汉族，住汪清县。"),
            new("原告张某甲与被告王某乙民间借贷纠纷一案，本院立案后，张某甲申请撤诉。"),
            new("本院认为，撤诉申请不违反法律规定。依照《中华人民共和国民事诉讼法》第一百四十八条规定，裁定如下："),
            new("准许原告张某甲撤回起诉。"),
            new("审判员　李测试", ParaStyle.Right),
            new("二〇二六年三月二日", ParaStyle.Right),
            new("书记员　钱演示", ParaStyle.Right),
        ]);
        var draft = await App.As("judge")
            .In(s =>
                s.GetRequiredService<DraftIntake>()
                    .AddAsync(caseId, null, null, new FormFile(new MemoryStream(bytes), 0, bytes.Length, "File", "文书.docx"), "ruling", "裁定", default)
            );
        draft = await App.As("judge").Send(new SignDraft { Id = draft.Id, Version = draft.Version });
        await App.As("judge").Send(new IssueDraft { Id = draft.Id, Version = draft.Version });
        await App.DrainAsync();
        await App.DrainAsync();
        return (await App.As("judge").Send(new ShowDraft { Id = draft.Id })).Draft.DocumentId!.Value;
    }

    private sealed record Row
    {
        public string Code { get; init; } = "";
        public string Digest { get; init; } = "";
    }
}
