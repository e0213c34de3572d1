using CourtOps.Host.Verbs;

return await VerbRunner.RunAsync(args);
