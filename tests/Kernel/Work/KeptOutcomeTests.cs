using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Work;
using FsCheck;
using FsCheck.Fluent;

namespace CourtOps.Kernel.Tests.Work;

public sealed class KeptOutcomeTests
{
    [Test]
    public void Whatever_a_reason_holds_comes_back_as_it_was() =>
        Prop.ForAll<string, int>(
                (reason, seconds) =>
                {
                    var written = WorkOutcome.Retry(reason ?? "", TimeSpan.FromSeconds(seconds));
                    return KeptOutcome.Read(KeptOutcome.Write(written)) == written;
                }
            )
            .QuickCheckThrowOnFailure();

    [Test]
    public void Results_keep_their_type_and_words_their_values()
    {
        var blob = KeptOutcome.Read(KeptOutcome.Write(WorkOutcome.Done(new Blob("ab", 7))));
        Assert.That(blob.Result, Is.EqualTo(new Blob("ab", 7)));
        Assert.That(KeptOutcome.Read(KeptOutcome.Write(WorkOutcome.Done(true))).Result, Is.True);
        var said = KeptOutcome.Read(KeptOutcome.Write(WorkOutcome.Failed((Said)$"连不上邮件服务器 {"a"}:{25}")));
        Assert.That((said.End, said.Said!.Stored()), Is.EqualTo((WorkEnd.Failed, ((Said)$"连不上邮件服务器 {"a"}:{25}").Stored())));
    }

    [Test]
    public void A_name_in_the_database_makes_no_foreign_type() =>
        Assert.That(() => KeptOutcome.Read("""{"end":"done","type":"System.IO.FileInfo, System.Runtime","result":"x"}"""), Throws.InvalidOperationException);
}
