using CourtOps.Kernel.Security;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages;

[Permit("trial.read")]
internal sealed class Index : PageModel
{
    public const string WhatComes = "排期、庭审记录、文书起草与质检、类案推送和结案将在这里办理。现在排期协助和庭审记录可以从案件页发起工单。";
}
