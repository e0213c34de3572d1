
namespace CourtOps.Host.Verbs;

/// <summary>verify: every module's own checks. Exit 1 when anything is found.</summary>
internal static class Verification
{
    public static Task<int> RunAsync(Arguments args) => VerbRunner.WithHostAsync(args.Only("data"), async s =>
    {
        var findings = new List<Kernel.Verifying.Finding>();
        var checks = new List<object>();
        foreach (var check in s.GetServices<Kernel.Verifying.ICheck>())
        {
            var before = findings.Count;
            await foreach (var finding in check.RunAsync(default))
                findings.Add(finding);
            checks.Add(new { check.Name, findings = findings.Count - before });
        }
        VerbRunner.Write(new { findings, checks });
        return findings.Count == 0 ? 0 : 1;
    });
}
