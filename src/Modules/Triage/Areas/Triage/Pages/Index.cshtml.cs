using CourtOps.Kernel.Security;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Triage.Pages;

[Permit("triage.read")]
internal sealed class Index : PageModel
{
    public const string WhatComes = "立案登记、缴费、诉前调解、繁简分流、分案和跨域立案将在这里办理。现在案件通过案件表导入进入系统；立案信息核对可以从案件页发起工单。";
}
