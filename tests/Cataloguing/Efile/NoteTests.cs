using CourtOps.Cataloguing.Efile;
using CourtOps.Kernel.Messaging;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.WorkOrders;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Cataloguing.Tests.Efile;

/// <summary>Notes on pages of the e-file: one's own, or for those of the court who see the case.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class NoteTests(Engine engine) : AppTests(engine)
{
    [Test]
    public async Task Own_notes_are_seen_by_the_writer_alone_and_those_for_the_team_by_who_sees_the_case()
    {
        var (caseId, document) = await Filed(1);
        var own = await App.As("judge")
            .Send(
                new WriteNote
                {
                    CaseId = caseId,
                    DocumentId = document,
                    At = 2,
                    Body = "本金数额有出入",
                }
            );
        await App.Send(
            new WriteNote
            {
                CaseId = caseId,
                DocumentId = document,
                At = 1,
                Body = "请书记员核对",
                Team = true,
            }
        );
        Assert.That(
            (await App.Send(new ListNotes { CaseId = caseId })).Select(n => (n.Page, n.Team, n.Body)),
            Is.EqualTo(new[] { (1, true, "请书记员核对"), (2, false, "本金数额有出入") })
        );
        Assert.That((await App.As("archivist").Send(new ListNotes { CaseId = caseId })).Select(n => n.Body), Is.EqualTo(new[] { "请书记员核对" }));
        await Assert.ThatAsync(() => App.Send(new WriteNote { Id = own, Body = "他人" }), Throws.TypeOf<NotFound>());
        await Assert.ThatAsync(() => App.Send(new RemoveNote { Id = own }), Throws.TypeOf<NotFound>());
        await Assert.ThatAsync(() => App.As("judge2").Send(new ListNotes { CaseId = caseId }), Throws.TypeOf<NotFound>());
        Assert.That(await App.Send(new ListNotes()), Is.Empty, "a case one does not see");
        await App.As("judge")
            .Send(
                new WriteNote
                {
                    Id = own,
                    Body = "已核实",
                    Version = 1,
                }
            );
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new WriteNote
                    {
                        Id = own,
                        Body = "再改",
                        Version = 1,
                    }
                ),
            Throws.TypeOf<Conflict>()
        );
        await App.Send(new RemoveNote { Id = own });
        Assert.That((await App.Send(new ListNotes { CaseId = caseId })).Single().Team, Is.True);
        Assert.That(await App.Verify(), Is.Empty);
    }

    [Test]
    public async Task Notes_on_the_secondary_volume_are_for_its_readers_and_nothing_is_noted_where_nothing_is_seen()
    {
        var asked = await App.Asked(2, [SampleParty.Provided]);
        await App.DrainAsync();
        var (caseId, document) = (asked.CaseId, asked.Documents[0]);
        await App.As("judge")
            .Send(
                new WriteNote
                {
                    CaseId = caseId,
                    DocumentId = document,
                    At = 1,
                    Body = "合议时再议",
                    Team = true,
                }
            );
        Assert.That(await App.As("clerk").Send(new ListNotes { CaseId = caseId }), Has.Count.EqualTo(1));
        await App.As(null).Change("UPDATE cataloguing_item SET volume = 'secondary' WHERE document_id = @document", new { document });
        Assert.That(await App.As("judge").Send(new ListNotes { CaseId = caseId }), Has.Count.EqualTo(1));
        Assert.That(await App.As("clerk").In(s => s.GetRequiredService<ICases>().CanReadSecondaryAsync(caseId)), Is.False);
        Assert.That(await App.Send(new ListNotes { CaseId = caseId }), Is.Empty);
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new WriteNote
                    {
                        CaseId = caseId,
                        DocumentId = document,
                        At = 1,
                        Body = "x",
                    }
                ),
            Throws.TypeOf<NotFound>()
        );
        await Assert.ThatAsync(
            () =>
                App.As("judge")
                    .Send(
                        new WriteNote
                        {
                            CaseId = caseId,
                            DocumentId = document,
                            At = 99,
                            Body = "x",
                        }
                    ),
            Throws.TypeOf<RuleBroken>().With.Property("Field").EqualTo("At")
        );
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new WriteNote
                    {
                        CaseId = caseId,
                        DocumentId = document,
                        At = 0,
                    }
                ),
            Throws.TypeOf<FluentValidation.ValidationException>()
        );
        await App.Send(
            new Recuse
            {
                CaseId = caseId,
                Login = "judge2",
                Reason = "同事",
            }
        );
        Assert.That(await App.As("judge2").Send(new ListNotes()), Is.Empty);
    }

    [Test]
    public async Task The_page_takes_notes_shows_them_and_marks_their_pages()
    {
        var (caseId, document) = await Filed(3);
        var judge = await App.SignedIn("judge");
        var address = $"/cataloguing/cases/{caseId}?document={document}";
        Assert.That((int)(await TestApp.PostForm(judge, address, address + "&handler=Note", ("At", "2"), ("Body", ""))).StatusCode, Is.EqualTo(422));
        var posted = await TestApp.PostForm(judge, address, address + "&handler=Note", ("At", "2"), ("Body", "借条日期与转账不符"), ("Team", "true"));
        Assert.That(posted.Headers.Location?.OriginalString, Does.EndWith("#page=2"));
        var page = await judge.GetStringAsync(new Uri(address, UriKind.Relative));
        Assert.That(page, Does.Contain("借条日期与转账不符").And.Contain("data-noted=\"2\"").And.Contain("data-follow=\"#f-note-page\""));
        var id = (await App.As("judge").Send(new ListNotes { CaseId = caseId })).Single().Id;
        Assert.That(await judge.GetStringAsync(new Uri($"{address}&note={id}", UriKind.Relative)), Does.Contain("保存修改"));
        await TestApp.PostForm(judge, address, address + "&handler=Unnote", ("Note", $"{id}"));
        Assert.That(await App.Send(new ListNotes { CaseId = caseId }), Is.Empty);
    }

    // a case that the archivist has a scan order of
    private async Task<(long CaseId, long Document)> Filed(int serial)
    {
        var caseId = await App.Case(serial, SampleParty.Provided);
        var document = await App.Document(caseId, "民事起诉状", "complaint");
        await App.DrainAsync();
        var scan = new Dictionary<string, IReadOnlyList<string>>
        {
            ["material"] = ["收据"],
            ["pages"] = ["2"],
            ["volume"] = ["正卷"],
            ["handover"] = ["2026-03-09"],
            ["originals"] = ["扫描后退回"],
        };
        var asked = await App.As("judge")
            .Send(
                new AskOrder
                {
                    CaseId = caseId,
                    Type = "cataloguing.scan",
                    Form = scan,
                }
            );
        await App.As("archivist").Send(new TakeStep { Id = asked.Order.Id, Step = OrderStep.Accept });
        return (caseId, document);
    }
}
