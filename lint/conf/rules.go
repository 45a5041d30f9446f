// Package conf holds the rules on arc.conf itself: what ARC does not read as it
// was meant, does not know, or takes twice.
package conf

import "arclint/lint"

// Rules are the rules of this area.
var Rules = []*lint.Rule{
	arc5, syntax, encoding, indentedComment, inlineComment, lineContinuation,
	quotedValue, emptyValue, evaluatedValue, badValue, rejectedValue,
	unknownBlock, unknownOption, removedBlock, removedOption, blockName,
	duplicateBlock, duplicateOption, confdOverride, confdIgnored, confdUnread,
	missingBlock, missingParent, missingOption, blockOrder,
	crossReference, slurmPartition, relativePath, plainHTTP, plainDelivery,
	badURL, hostname, badNumber, benchmark, badRegex, severalWords, tlsProtocols, tlsCiphers,
	lrmsBackend, lrmsInConfD, otherLRMS, nestedDirectories, drained,
	adminDomainName, bdiiOption, logPlace, validatorFalseAlarm,
	upgradeRemovedBlock, upgradeRemovedOption,
	upgradeValue, upgradeDefault, upgradeMultiplicity, upgradeMeaning, upgradeStricter,
	upgradeAccess, upgradeTokens, upgradePublicInfo,
	upgradeBatchSystem, upgradeInterfaces, upgradePackages, upgradeTLS,
}
