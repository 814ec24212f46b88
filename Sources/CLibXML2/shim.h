#pragma once

/* libxml2's headers would bring in the system's ICU, whose types clash with the copy that Foundation carries. What they
   declare with it is of no use here. */
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#include <libxml/HTMLparser.h>
#include <libxml/xmlschemas.h>
