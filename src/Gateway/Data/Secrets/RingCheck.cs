using System.Xml.Linq;
using AIHigress.Gateway.Hosting.Settings;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Data.Secrets;

/// <summary>Compares SECRET_KEY with the key that the stored secrets were wrapped under, before anything is written.</summary>
internal sealed class RingCheck(GatewayDbContext db, SecretKeyFile keys)
{
    /// <exception cref="SettingException">SECRET_KEY is another one than the data was written with.</exception>
    public async Task VerifyAsync(CancellationToken cancellationToken)
    {
        var entries = await db.DataProtectionKeys.AsNoTracking().ToListAsync(cancellationToken);
        var foreign = entries.SelectMany(e => Wraps(XElement.Parse(e.Xml!)))
            .Select(RingWrap.Fingerprint)
            .FirstOrDefault(f => f is not null && keys.Find(f) is null);
        if (foreign is not null)
        {
            throw new SettingException(
                "SECRET_KEY",
                $"the stored secrets were written with the key {foreign}, but this start has the key {keys.Current.Fingerprint}; "
                + "give the old key back, or start once with it as SECRET_KEY_PREVIOUS; nothing was changed");
        }
    }

    /// <summary>Wraps entries that only SECRET_KEY_PREVIOUS opens under SECRET_KEY, so that the next start needs no previous key.</summary>
    public async Task<int> RewrapAsync(CancellationToken cancellationToken)
    {
        if (keys.Previous is null)
        {
            return 0;
        }

        var rewrapped = 0;
        foreach (var entry in await db.DataProtectionKeys.ToListAsync(cancellationToken))
        {
            var xml = XElement.Parse(entry.Xml!);
            foreach (var old in Wraps(xml).Where(w => RingWrap.Fingerprint(w) == keys.Previous.Fingerprint).ToList())
            {
                old.ReplaceWith(RingWrap.Wrap(keys.Current, RingWrap.Unwrap(keys.Previous, old)));
                rewrapped++;
            }

            entry.Xml = xml.ToString(SaveOptions.DisableFormatting);
        }

        await db.SaveChangesAsync(cancellationToken);
        return rewrapped;
    }

    private static IEnumerable<XElement> Wraps(XElement xml) => xml.Descendants(RingWrap.ElementName);
}
