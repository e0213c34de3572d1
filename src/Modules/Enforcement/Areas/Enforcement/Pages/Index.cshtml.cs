using CourtOps.Kernel.Security;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Enforcement.Pages;

[Permit("enforcement.read")]
internal sealed class Index : PageModel
{
    public const string WhatComes = "财产查找与控制、期限预警、执行联动、网络拍卖和案款发放将在这里办理。现在财产查控协助可以从案件页发起工单。";
}
