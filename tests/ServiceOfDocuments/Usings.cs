global using CourtOps.Testing;
global using NUnit.Framework;
