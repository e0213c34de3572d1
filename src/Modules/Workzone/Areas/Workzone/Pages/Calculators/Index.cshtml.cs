using CourtOps.Kernel.Security;
using CourtOps.Law;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Calculators;

[Permit("workzone.calculate")]
internal sealed class Index : PageModel
{
    public static IReadOnlyList<CalculatorDescription> All => Law.Calculators.All;
}
