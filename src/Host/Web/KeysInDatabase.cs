using System.Xml.Linq;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Security;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.Options;

namespace CourtOps.Host.Web;

/// <summary>Sign-in keys in the shared database, so that every host reads every cookie.</summary>
internal sealed class KeysInDatabase(Database database, TimeProvider clock, SealedXml encryptor) : IConfigureOptions<KeyManagementOptions>, IXmlRepository
{
    public void Configure(KeyManagementOptions options)
    {
        options.XmlRepository = this;
        options.XmlEncryptor = encryptor;
    }

    public IReadOnlyCollection<XElement> GetAllElements() =>
        Task.Run(async () =>
            {
                await using var db = new Db(database);
                return (IReadOnlyCollection<XElement>)
                    [.. (await db.QueryAsync<string>("SELECT xml FROM kernel_protection_key ORDER BY created_at")).Select(XElement.Parse)];
            })
            .GetAwaiter()
            .GetResult();

    public void StoreElement(XElement element, string friendlyName) =>
        Task.Run(async () =>
            {
                await using var db = new Db(database);
                await db.BeginAsync();
                await db.ExecuteAsync(
                    "INSERT INTO kernel_protection_key (name, xml, created_at) VALUES (@name, @xml, @now)",
                    new
                    {
                        name = string.IsNullOrEmpty(friendlyName) ? Guid.NewGuid().ToString("n") : friendlyName,
                        xml = element.ToString(SaveOptions.DisableFormatting),
                        now = clock.GetUtcNow(),
                    }
                );
                await db.CommitAsync();
            })
            .GetAwaiter()
            .GetResult();
}

/// <summary>Seals the sign-in keys with the secret key, which lies outside the database.</summary>
internal sealed class SealedXml(Secrets secrets) : IXmlEncryptor
{
    public EncryptedXmlInfo Encrypt(XElement plaintextElement) =>
        new(new XElement("sealed", secrets.Protect(plaintextElement.ToString(SaveOptions.DisableFormatting))), typeof(OpenedXml));
}

/// <summary>Made by the framework from the type's name.</summary>
internal sealed class OpenedXml(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement) => XElement.Parse(services.GetRequiredService<Secrets>().Reveal(encryptedElement.Value)!);
}
