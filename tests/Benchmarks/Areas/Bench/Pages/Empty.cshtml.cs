using CourtOps.Kernel.Security;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Benchmarks.Pages;

/// <summary>The product's layout, guard and menu around nothing: what every page of a signed-in person costs before it says a word.</summary>
[Permit(PermitAttribute.SignedIn)]
public sealed class Empty : PageModel;
