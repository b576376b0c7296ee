"""The lessons' prose in other languages: what there is to translate, catalogs of it, and notebooks made with them."""
