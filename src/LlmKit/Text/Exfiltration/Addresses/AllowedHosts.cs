namespace LlmKit.Text.Exfiltration.Addresses;

/// <summary>The hosts to which an answer may lead: whole names, and all below a domain by <c>*.example.com</c>.</summary>
internal sealed class AllowedHosts
{
    private static readonly System.Buffers.SearchValues<char> s_noHost = System.Buffers.SearchValues.Create("/:@*?# ");

    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _domains = [];

    public AllowedHosts(IEnumerable<string> hosts)
    {
        ArgumentNullException.ThrowIfNull(hosts);
        foreach (var host in hosts)
        {
            ArgumentNullException.ThrowIfNull(host, nameof(hosts));
            var isDomain = host.StartsWith("*.", StringComparison.Ordinal);
            var name = isDomain ? host[2..] : host;
            if (name.Length == 0 || name.AsSpan().ContainsAny(s_noHost))
                throw new ArgumentException($"The host '{host}' is no host name. Give it without scheme, port and path, such as 'example.com' or '*.example.com'.", nameof(hosts));
            if (isDomain)
                _domains.Add("." + name);
            else
                _names.Add(name);
        }
    }

    public bool Contains(string host) =>
        _names.Contains(host) || _domains.Exists(domain => host.Length > domain.Length && host.EndsWith(domain, StringComparison.OrdinalIgnoreCase));
}
