// Package authz holds the rules on who gets in: authgroups, access lists,
// mappings, token rules. What ARC makes of the lines is the business of
// internal/access.
package authz

import "arclint/lint"

// Rules are the rules of this area.
var Rules = []*lint.Rule{
	undefinedGroup, unusedGroup, emptyGroup, deadRule, openToAll,
	accessListIgnored, noAccessList, accessOrder, queueAccess, overrideWithoutClosure,
	anyIssuer, anyAudience, anySubject, unrestrictedIssuer, foreignAudience,
	issuerSlash, issuerTypo, issuerRetired, demoIssuer, ecOnlyIssuer,
	tokenRuleFields, tokenExpression, tokenScopes, tokensNotEnabled, defaultProxy,
	noMapping, mappingRule, mappingOrder, mapsToRoot, privilegedAccount, sharedAccount, accountMissing,
	dnOnlyWithPublicCA, dnForm, vomsFields,
	mapfileMissing, mapfileSyntax, mapfileWritable,
	poolEmpty, poolSyntax, poolWritable,
}
