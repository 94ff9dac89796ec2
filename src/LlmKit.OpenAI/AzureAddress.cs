namespace LlmKit.OpenAI;

/// <summary>Where an Azure OpenAI resource answers: the versionless root, or the older path that names the deployment.</summary>
/// <param name="Root">The URL below which the SDK appends <c>/chat/completions</c>, with <c>{0}</c> for the deployment on the older path.</param>
/// <param name="ApiVersion">The value of <c>api-version</c>, or <see langword="null"/> to send none.</param>
/// <param name="Deployment">The deployment that the URL names, or <see langword="null"/> when the model's id names it.</param>
internal sealed record AzureAddress(string Root, string? ApiVersion, string? Deployment)
{
    private const string DeploymentPath = "/openai/deployments/";
    private const string VersionlessPath = "/openai/v1";

    internal static AzureAddress From(Uri endpoint, string? apiVersion)
    {
        var version = apiVersion ?? VersionInQuery(endpoint);
        var path = endpoint.AbsolutePath.TrimEnd('/');
        var host = endpoint.GetLeftPart(UriPartial.Authority);

        var at = path.IndexOf(DeploymentPath, StringComparison.OrdinalIgnoreCase);
        if (at >= 0)
        {
            var deployment = Uri.UnescapeDataString(path[(at + DeploymentPath.Length)..].Split('/')[0]);
            return new(host + path[..at] + DeploymentPath + "{0}", version, deployment.Length > 0 ? deployment : null);
        }

        at = path.IndexOf(VersionlessPath, StringComparison.OrdinalIgnoreCase);
        if (at >= 0) return new(host + path[..at] + VersionlessPath, version, Deployment: null);

        // Behind an API gateway the resource may stand on a path of its own, which stays in front.
        return IsDated(version)
            ? new(host + path + DeploymentPath + "{0}", version, Deployment: null)
            : new(host + path + VersionlessPath, version, Deployment: null);
    }

    /// <summary>Gets whether the URL names the deployment, so that a deployment needs a client of its own.</summary>
    internal bool IsPerDeployment => Root.EndsWith("{0}", StringComparison.Ordinal);

    internal Uri UrlOf(string deployment) =>
        new(IsPerDeployment ? Root[..^"{0}".Length] + Uri.EscapeDataString(deployment) : Root);

    private static bool IsDated(string? version) => version is { Length: > 0 } && char.IsAsciiDigit(version[0]);

    private static string? VersionInQuery(Uri endpoint)
    {
        foreach (var pair in endpoint.Query.TrimStart('?').Split('&'))
            if (pair.StartsWith("api-version=", StringComparison.OrdinalIgnoreCase))
                return Uri.UnescapeDataString(pair["api-version=".Length..]);
        return null;
    }
}
