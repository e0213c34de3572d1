using Microsoft.AspNetCore.Http;

namespace CourtOps.Kernel.Web;

/// <summary>Forms of programs, with the answers they understand.</summary>
public static class Forms
{
    /// <summary>Reads the form of a request; large files in it go to the disk.</summary>
    /// <exception cref="BadHttpRequestException">413 when a part is too large, 400 when it is no form.</exception>
    public static async Task<IFormCollection> FormAsync(this HttpRequest request, CancellationToken ct)
    {
        try
        {
            return await request.ReadFormAsync(ct);
        }
        catch (InvalidDataException e)
        {
            throw new BadHttpRequestException(
                e.Message,
                e.Message.Contains("limit", StringComparison.OrdinalIgnoreCase) ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status400BadRequest,
                e
            );
        }
        catch (IOException e) when (e is not BadHttpRequestException)
        {
            throw new BadHttpRequestException(e.Message, StatusCodes.Status400BadRequest, e);
        }
    }
}
