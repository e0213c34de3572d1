using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Search;
using Microsoft.Extensions.Configuration;

namespace CourtOps.TrialSupport.Seals;

/// <summary>A seal as it goes with a document: the code printed on it, the digest of its bytes, the signature over them (CMS, detached).</summary>
internal sealed record Seal(string Code, string Digest, string Signature, string Signer);

/// <summary>
/// The court's signing key. CourtOps:Seal:Certificate names a PKCS#12 file with the key, CourtOps:Seal:Password opens it. Without it the demo data's own key
/// is taken, which only the demo makes; without both nothing is sealed.
/// </summary>
internal sealed class SealKeeper(IConfiguration configuration, DataFolder folder, TimeProvider clock) : IDisposable
{
    private readonly Lock gate = new();
    private X509Certificate2? certificate;
    private bool looked;

    private string DemoPath => folder.File("seal", "demo.pfx");

    /// <summary>Whether documents are sealed here.</summary>
    public bool Ready => Certificate is not null;

    private X509Certificate2? Certificate
    {
        get
        {
            lock (gate)
            {
                if (certificate is null && (!looked || File.Exists(DemoPath)))
                {
                    looked = true;
                    var configured = configuration["CourtOps:Seal:Certificate"];
                    certificate =
                        configured is { Length: > 0 } path ? X509CertificateLoader.LoadPkcs12FromFile(path, configuration["CourtOps:Seal:Password"])
                        : File.Exists(DemoPath) ? X509CertificateLoader.LoadPkcs12FromFile(DemoPath, null)
                        : null;
                }
                return certificate;
            }
        }
    }

    public void Dispose() => certificate?.Dispose();

    /// <summary>A code of 64 random bits, as it stands on the paper: 3F9A-….</summary>
    public static string NewCode() => string.Join('-', Convert.ToHexString(RandomNumberGenerator.GetBytes(8)).Chunk(4).Select(c => new string(c)));

    /// <summary>What somebody typed as the code is stored: without blanks, in capitals, in fours.</summary>
    public static string Fold(string typed) =>
        string.Join('-', new string([.. typed.Folded().ToUpperInvariant().Where(char.IsAsciiHexDigit)]).Chunk(4).Select(c => new string(c)));

    /// <summary>Signs bytes: SHA-256, CMS SignedData, detached, with the certificate inside. Null where there is no key.</summary>
    /// <exception cref="CryptographicException">The certificate's time is over, or its file holds no key.</exception>
    public Seal? Sign(string code, byte[] bytes)
    {
        if (Certificate is not { } own)
            return null;
        var now = clock.GetUtcNow();
        if (own.NotAfter.ToUniversalTime() < now || !own.HasPrivateKey)
            throw new CryptographicException("The certificate of the seal is over or has no key.");
        var cms = new SignedCms(new ContentInfo(bytes), detached: true);
        cms.ComputeSignature(
            new CmsSigner(SubjectIdentifierType.IssuerAndSerialNumber, own)
            {
                DigestAlgorithm = new Oid("2.16.840.1.101.3.4.2.1"),
                IncludeOption = X509IncludeOption.EndCertOnly,
                SignedAttributes = { new Pkcs9SigningTime(now.UtcDateTime) },
            }
        );
        return new Seal(
            code,
            Convert.ToHexStringLower(SHA256.HashData(bytes)),
            Convert.ToBase64String(cms.Encode()),
            own.GetNameInfo(X509NameType.SimpleName, forIssuer: false)
        );
    }

    /// <summary>Whether a signature is over exactly these bytes.</summary>
    public static bool Fits(byte[] bytes, string signature)
    {
        try
        {
            var cms = new SignedCms(new ContentInfo(bytes), detached: true);
            cms.Decode(Convert.FromBase64String(signature));
            cms.CheckSignature(verifySignatureOnly: true);
            return true;
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return false;
        }
    }

    /// <summary>Makes the demo's own key, once; it says of itself that it is one.</summary>
    public void MakeDemoKey()
    {
        if (File.Exists(DemoPath))
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(DemoPath)!);
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=CourtOps demo seal, O=Not for use", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation, critical: true));
        var now = clock.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddYears(-2), now.AddYears(10));
        File.WriteAllBytes(DemoPath, made.Export(X509ContentType.Pkcs12));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(DemoPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
