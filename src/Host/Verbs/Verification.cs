namespace CourtOps.Host.Verbs;

/// <summary>verify: every module's own checks. Exit 1 when anything is found.</summary>
internal static class Verification
{
    public static Task<int> RunAsync(Arguments args) =>
        VerbRunner.WithHostAsync(
            args.Only("data"),
            async s =>
            {
                var checks = await s.GetRequiredService<Kernel.Verifying.Verifier>().RunAsync(default);
                var findings = checks.SelectMany(c => c.Findings).ToList();
                VerbRunner.Write(new { findings, checks = checks.Select(c => new { name = c.Check, findings = c.Findings.Count }) });
                return findings.Count == 0 ? 0 : 1;
            }
        );
}
